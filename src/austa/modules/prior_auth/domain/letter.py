"""The words of letters to members: short sentences, no disease names, no promises, no blame.

Everything here is written for somebody of seventy with little schooling. What a person of the operator wrote (the
reason, the clause) stands as they wrote it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from austa.kernel.clock import local_date
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.guides import GuideView
from austa.modules.prior_auth.api.letters import AnswerLetter, Letter, LetterFact, LetterSection
from austa.modules.prior_auth.api.requests import DecisionView, ItemView, RequestView
from austa.modules.prior_auth.domain.lifecycle import WAITING
from austa.modules.prior_auth.domain.readability import judge
from austa.modules.prior_auth.domain.wording import APPROVED, APPROVED_WITHOUT_GUIDE, GUIDE_KEPT, GUIDE_REPLACED

TITLES: dict[AnswerLetter, str] = {
    "approval": "Pedido aprovado",
    "partial": "Pedido aprovado em parte",
    "denial": "Pedido não aprovado",
    "pend": "Falta algo no seu pedido",
}
OPENINGS: dict[AnswerLetter, str] = {
    "approval": APPROVED_WITHOUT_GUIDE,
    "partial": "Uma parte do seu pedido foi aprovada.",
    "denial": "O seu pedido não foi aprovado.",
    "pend": "Recebemos o seu pedido. Para seguir com ele, ainda falta algo.",
}
HOW_TO_USE = (
    "Leve a guia e a senha no dia do atendimento.",
    "Leve também um documento com foto.",
)
DECIDED_BY_PERSON = "Quem decidiu foi uma pessoa da equipe do plano."
HOW_TO_ANSWER = (
    "Se for um papel, pode mandar uma foto. Confira se dá para ler tudo.",
    "Responda no mesmo lugar em que você fez o pedido.",
)
IF_URGENT = "Se for urgente, não espere. Ligue 192 ou vá a um pronto-socorro."
REANALYSIS = (
    "Você pode pedir nova análise à ouvidoria do plano.",
    "Você não paga por isso.",
    "A ouvidoria responde em até 7 dias úteis.",
    "O telefone da ouvidoria está no seu cartão do plano.",
)
SECOND_OPINION = (
    "Você pode ouvir outro médico.",
    "O seu médico também pode falar com o médico do plano.",
)
THIRD_PHYSICIAN = "Se os dois não concordarem, um terceiro médico pode dar a opinião dele."
THIRD_PHYSICIAN_HEARD = "Um terceiro médico já deu a opinião dele sobre este pedido."
REGULATOR = (
    "A ANS é o órgão do governo que cuida dos planos de saúde.",
    "Ligue de graça para 0800 701 9656.",
    "Quem não ouve pode ligar para 0800 021 2105.",
    "Na internet: www.gov.br/ans.",
)
QUESTIONS = ("Ligue para o plano. O telefone está no seu cartão.", "Diga o número do protocolo.")


@dataclass(frozen=True)
class Sender:
    """The operator, as the letter names it."""

    name: str
    ans_registry: str


def compose_letter(request: RequestView, member: Personal, sender: Sender, today: date) -> Letter | None:
    """The letter about where a request stands; None while there is nothing to tell."""
    decision = _answer(request)
    if request.state in WAITING and request.missing:
        kind: AnswerLetter = "pend"
        sections = tuple(_pending(request))
        written_on = today
    elif decision is not None:
        kind = _kind(decision)
        sections = tuple(_answered(kind, request, decision))
        written_on = local_date(decision.at, ZoneInfo(request.clock.zone))
    else:
        return None
    found = judge(plain_text(sections))
    return Letter(
        kind=kind,
        title=TITLES[kind],
        operator=sender.name,
        ans_registry=sender.ans_registry,
        written_on=written_on,
        member=member,
        sections=sections,
        readability=found.score,
        readability_level=found.level,
    )


def _answer(request: RequestView) -> DecisionView | None:
    """The last conclusive decision. An approval that was confirmed after care is told by the one with the guide."""
    answers = [decision for decision in request.decisions if decision.outcome != "request_information"]
    if not answers:
        return None
    last = answers[-1]
    with_guide = [decision for decision in answers if decision.guide]
    return with_guide[-1] if last.outcome == "approve" and with_guide else last


def _kind(decision: DecisionView) -> AnswerLetter:
    match decision.outcome:
        case "approve":
            return "approval"
        case "approve_in_part":
            return "partial"
        case _:
            return "denial"


def _pending(request: RequestView) -> Iterator[LetterSection]:
    yield _section("O seu pedido", OPENINGS["pend"])
    until = _day(request, "answer_by")
    yield LetterSection(
        title="O que falta",
        items=_personal(*request.missing),
        paragraphs=_personal(f"Responda até {until}.") if until else (),
    )
    yield _section("Como responder", *HOW_TO_ANSWER)
    yield _section("Depois da sua resposta", f"A resposta do plano sai até {_day(request, 'due_at')}.", IF_URGENT)
    yield _questions(request)


def _answered(kind: AnswerLetter, request: RequestView, decision: DecisionView) -> Iterator[LetterSection]:
    yield LetterSection(
        title="O seu pedido",
        paragraphs=_personal(OPENINGS[kind]),
        items=tuple(_line(kind, item) for item in request.items),
    )
    if kind == "approval":
        yield from _approval(decision)
    else:
        yield _section("Por quê", decision.member_text, DECIDED_BY_PERSON)
        yield LetterSection(
            title="O que diz a regra",
            quote=Personal(decision.legal_basis) if decision.legal_basis else None,
            facts=_facts(("Código do motivo (tabela 38 da TISS)", ", ".join(decision.reason_codes))),
        )
    guide = request.guides[-1] if request.guides else None
    if guide and guide.standing != "cancelled" and kind != "denial":
        yield LetterSection(
            title="Guia e senha",
            paragraphs=_personal(*_which_guide(request, decision, guide), *HOW_TO_USE),
            facts=(
                *_facts(("Guia", guide.number)),
                LetterFact(name="Senha", value=guide.senha),
                *_facts(("Use até", f"{guide.valid_until:%d/%m/%Y}")),
            ),
        )
    if kind != "approval":
        yield _section("Se você não concorda", *REANALYSIS)
        if decision.ground != "administrative":
            heard = any(entry.state == "BOARD_TIEBREAKER" for entry in request.history)
            yield _section("Outra opinião médica", *SECOND_OPINION, THIRD_PHYSICIAN_HEARD if heard else THIRD_PHYSICIAN)
        yield _section("Falar com a ANS", *REGULATOR)
        yield _section("Se for urgente", IF_URGENT)
    yield _questions(request)


def _which_guide(request: RequestView, decision: DecisionView, guide: GuideView) -> Iterator[str]:
    """Said only where there could be a doubt."""
    before = [one.number for one in request.guides if one.replaced_by == guide.number]
    if decision.guide is None and request.reopened:
        yield GUIDE_KEPT
    elif before:
        yield GUIDE_REPLACED.format(guide=guide.number, before=before[0])


def _approval(decision: DecisionView) -> Iterator[LetterSection]:
    """What a person wrote beside an approval; the house's own sentence is said already."""
    if decision.member_text not in {APPROVED, APPROVED_WITHOUT_GUIDE}:
        yield _section("Recado da equipe", decision.member_text)


def _line(kind: AnswerLetter, item: ItemView) -> Personal:
    approved = item.quantity if item.approved_quantity is None else item.approved_quantity
    count = f"pedido {item.quantity}, aprovado {approved}" if kind == "partial" else f"quantidade {item.quantity}"
    return Personal(f"{item.description}: {count}")


def _questions(request: RequestView) -> LetterSection:
    return LetterSection(
        title="Se tiver dúvida", paragraphs=_personal(*QUESTIONS), facts=_facts(("Protocolo", request.protocol))
    )


def _section(title: str, *sentences: str) -> LetterSection:
    return LetterSection(title=title, paragraphs=_personal(*sentences))


def _personal(*texts: str) -> tuple[Personal, ...]:
    return tuple(Personal(text) for text in texts)


def _facts(*pairs: tuple[str, str]) -> tuple[LetterFact, ...]:
    return tuple(LetterFact(name=name, value=Personal(value)) for name, value in pairs if value)


def _day(request: RequestView, which: Literal["answer_by", "due_at"]) -> str | None:
    at = request.answer_by if which == "answer_by" else request.due_at
    return f"{local_date(at, ZoneInfo(request.clock.zone)):%d/%m/%Y}" if at else None


def plain_text(sections: tuple[LetterSection, ...]) -> str:
    """All that is written but quotations and facts: what readability is judged by."""
    return "\n".join(text.reveal() for section in sections for text in (*section.paragraphs, *section.items))
