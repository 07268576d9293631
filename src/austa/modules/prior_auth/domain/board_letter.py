"""The two notices of a medical board on paper (RN ANS 424/2017): plain to the member, reasoned and formal to who asked.

What the auditor wrote stands as written; everything else to the member is for somebody of seventy with little
schooling.
"""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from austa.kernel.clock import local_date
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.boards import BoardView, TieBreaker
from austa.modules.prior_auth.api.letters import Letter, LetterFact, LetterKind, LetterSection
from austa.modules.prior_auth.api.requests import BoardConclusion, ItemView, RequestView
from austa.modules.prior_auth.domain.letter import IF_URGENT, QUESTIONS, Sender, plain_text
from austa.modules.prior_auth.domain.readability import judge

WHAT_COMES = (
    "O seu médico recebe este aviso também.",
    "Ele tem 2 dias úteis para responder.",
    "Ele pode escolher um dos quatro médicos.",
    "Se ele não responder, uma pessoa do plano escolhe um dos quatro.",
    "O médico escolhido pode pedir papéis ou exames. Ele também pode querer ver você.",
    "Se isso acontecer, o plano liga para você e combina o dia.",
    "Você não paga nada. Se for em outra cidade, o plano paga a viagem.",
    "O plano segue a opinião desse médico.",
)
VIEWS: dict[BoardConclusion, str] = {
    "favourable": "favorável",
    "favourable_in_part": "favorável em parte",
    "unfavourable": "desfavorável",
}


def member_notice(request: RequestView, board: BoardView, member: Personal, sender: Sender) -> Letter:
    """What the member reads: why another physician looks, who may be chosen, what comes next."""
    due = local_date(request.due_at, ZoneInfo(request.clock.zone))
    sections = (
        _section(
            "O seu pedido",
            "O seu médico e o médico do plano ainda não concordam sobre o seu pedido.",
            "Por isso, outro médico vai olhar o pedido. Ele não trabalhou nele antes.",
            items=(item.description for item in request.items),
        ),
        _section("Por quê", board.member_reasons.reveal(), "Quem escreveu foi o médico do plano."),
        _section(
            "Os quatro médicos",
            "O plano indicou estes quatro médicos:",
            items=(_name(one) for one in board.candidates),
        ),
        _section("O que acontece agora", *WHAT_COMES, f"A resposta do plano sai até {due:%d/%m/%Y}."),
        _section("Se for urgente", IF_URGENT),
        LetterSection(
            title="Se tiver dúvida",
            paragraphs=tuple(Personal(text) for text in QUESTIONS),
            facts=(_fact("Protocolo", request.protocol),),
        ),
    )
    return _letter("board_member", "Outro médico vai olhar o seu pedido", request, board, member, sender, sections)


def requester_notice(request: RequestView, board: BoardView, sender: Sender) -> Letter:
    """What the requester receives: the divergence with its reasons, the four names, the two ways to answer."""
    asked_by = request.requester
    name = asked_by.name if asked_by else Personal("Médico solicitante")
    registration = f"{asked_by.council}-{asked_by.uf} {asked_by.number}" if asked_by else "—"
    zone = ZoneInfo(request.clock.zone)
    last = local_date(board.must_end_by, zone)
    quantities = {item.position: item.approved_quantity for item in board.view_items}
    sections = (
        _section(
            "Comunicado ao médico solicitante",
            "Comunicamos a abertura de junta médica sobre o pedido abaixo, por divergência técnico-assistencial,"
            " nos termos da Resolução Normativa ANS nº 424/2017.",
            facts=(
                _fact("Solicitante", f"{name.reveal()}, {registration}"),
                _fact("Protocolo", request.protocol),
                _fact("Aberta em", f"{local_date(board.opened_at, zone):%d/%m/%Y}"),
            ),
        ),
        _section(
            "Procedimentos solicitados",
            items=(_line(item, quantities, board.view) for item in request.items),
        ),
        _section("Razões da divergência", f"Parecer do auditor: {VIEWS[board.view]}.", board.reasons.reveal()),
        _section(
            "Profissionais indicados para o desempate",
            items=(f"{place}. {_name(one)}" for place, one in enumerate(board.candidates, start=1)),
        ),
        _section(
            "Manifestação",
            "Em até 2 dias úteis, contados do recebimento deste aviso, informe se concorda com o parecer ou se mantém a"
            " indicação. Se a mantiver, escolha um dos quatro profissionais.",
            "Sem resposta nesse prazo, a operadora escolhe o desempatador entre os quatro.",
            "O desempatador tem 2 dias úteis para dizer se precisa de documentos, de exames ou de ver o beneficiário.",
            "O parecer do desempatador prevalece. Os honorários da junta são da operadora.",
            f"A junta termina dentro do prazo de atendimento da RN ANS nº 566/2022: {last:%d/%m/%Y}.",
        ),
    )
    return _letter("board_requester", "Aviso de junta médica", request, board, name, sender, sections)


def _letter(
    kind: LetterKind,
    title: str,
    request: RequestView,
    board: BoardView,
    to: Personal,
    sender: Sender,
    sections: tuple[LetterSection, ...],
) -> Letter:
    found = judge(plain_text(sections))
    return Letter(
        kind=kind,
        title=title,
        operator=sender.name,
        ans_registry=sender.ans_registry,
        written_on=_opened_on(request, board),
        member=to,
        sections=sections,
        readability=found.score,
        readability_level=found.level,
    )


def _opened_on(request: RequestView, board: BoardView) -> date:
    return local_date(board.opened_at, ZoneInfo(request.clock.zone))


def _line(item: ItemView, quantities: dict[int, int], view: BoardConclusion) -> str:
    asked = f"{item.description} (TUSS {item.tuss}), quantidade {item.quantity}"
    if view != "favourable_in_part":
        return asked
    return f"{asked}; o auditor é favorável a {quantities.get(item.position, item.quantity)}"


def _name(one: TieBreaker) -> str:
    return f"{one.name.reveal()}, {one.specialty}, {one.council}-{one.uf} {one.number}"


def _section(
    title: str, *sentences: str, items: Iterable[str] = (), facts: tuple[LetterFact, ...] = ()
) -> LetterSection:
    return LetterSection(
        title=title,
        paragraphs=tuple(Personal(text) for text in sentences),
        items=tuple(Personal(text) for text in items),
        facts=facts,
    )


def _fact(name: str, value: str) -> LetterFact:
    return LetterFact(name=name, value=Personal(value))
