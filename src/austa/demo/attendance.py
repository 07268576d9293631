"""Who is on duty in the demo, and the answers that its staff have at hand."""

from collections.abc import Mapping
from datetime import time

from austa.demo.identifiers import demo_phone
from austa.kernel.ids import OperatorId, derived_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.canned_answers import CannedAnswer
from austa.modules.chat.api.duty import EscalationStep, Post, Roster, Shift
from austa.modules.identity.api import Principal

_DAY, _NIGHT = (time(7), time(19)), (time(19), time(7))
_WEEK, _WEEKEND = range(5), range(5, 7)
_TURNS: tuple[tuple[Post, str, range, tuple[time, time]], ...] = (
    ("nurse", "nurse", _WEEK, _DAY),
    ("nurse", "coordinator", range(7), _NIGHT),
    # Sunday has nobody by day: the page shows the gap, and whoever is on call is rung at once.
    ("nurse", "coordinator", range(5, 6), _DAY),
    ("on_call", "coordinator", _WEEK, _DAY),
    ("on_call", "director", range(7), _NIGHT),
    ("on_call", "director", _WEEKEND, _DAY),
)
_PHONES = {"nurse": 71, "coordinator": 72, "director": 73}
_ANSWERS = (
    ("Boas-vindas", "Olá, {nome}! Aqui é {atendente}, da equipe do seu plano. Já estou lendo sua conversa."),
    (
        "Pedir foto melhor",
        "{nome}, não consegui ler o papel. Pode tirar outra foto? Deixe a folha inteira e com boa luz.",
    ),
    ("Pedido em andamento", "Seu pedido {protocolo} está com a nossa equipe. A resposta chega por aqui."),
    ("Rede credenciada", "Para ver médicos e hospitais perto de você, escreva sua cidade e seu bairro."),
    ("Despedida", "Posso ajudar em mais alguma coisa, {nome}? Se precisar, é só escrever de novo."),
)


def demo_roster(staff: Mapping[str, Principal]) -> Roster:
    """A usual week; `staff` by the demo's own keys."""
    return Roster(
        shifts=tuple(
            Shift(
                post=post,
                person=staff[key].id,
                name=staff[key].name,
                phone=Personal(demo_phone(_PHONES[key])),
                weekday=weekday,
                starts=starts,
                ends=ends,
            )
            for post, key, weekdays, (starts, ends) in _TURNS
            for weekday in weekdays
        ),
        steps=(
            EscalationStep(post="nurse", red_s=60, orange_s=300),
            EscalationStep(post="nurse", red_s=60, orange_s=300),
            EscalationStep(post="on_call", red_s=120, orange_s=600),
        ),
    )


def demo_answers(operator_id: OperatorId) -> tuple[CannedAnswer, ...]:
    """Canned answers with every placeholder that there is."""
    return tuple(
        CannedAnswer(id=derived_id("demo.canned_answer", operator_id, title), title=title, text=text)
        for title, text in _ANSWERS
    )
