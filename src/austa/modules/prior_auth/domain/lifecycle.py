"""The life of a request as one explicit table (domain-br 2.7): who may move it, under which guard, to which state.

No row that leads to a denial or a reduction names the system (invariant I1), and none that waits for papers is open
to an urgent request (I3). Tests walk the whole table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from austa.modules.prior_auth.api.requests import State
from austa.modules.prior_auth.domain.refusals import transition_refused

Actor = Literal["system", "staff", "clerk", "member"]
TransitionName = Literal[
    "check",
    "find_admin_issue",
    "pass_eligibility",
    "approve_urgent",
    "route_refund",
    "ask_documents",
    "receive_answer",
    "end_waiting",
    "end_waiting_refund",
    "approve_by_rule",
    "route_administrative",
    "route_nurse",
    "route_medical",
    "forward_medical",
    "ask_justification",
    "complete_opinion",
    "release_approval",
    "release_part",
    "release_denial",
    "issue",
    "confirm_after_care",
    "confirm_after_expiry",
    "expire",
    "close",
    "cancel",
]
GuardName = Literal[
    "always", "elective", "urgent_or_ordered", "non_care", "care", "rules_allow", "grounded", "validity_over"
]
ClockEffect = Literal["runs", "answers"]
"""What a transition does to the legal clock: it runs on, or the conclusive answer stops it. Nothing pauses it."""


@dataclass(frozen=True)
class StateMeaning:
    """What a state is outside: `statusSolicitacao` of TISS (None: it has no word for it), whether it is an answer.

    `told` is the sentence a member may read; `{due}` and `{until}` are dates.
    """

    tiss: int | None
    answered: bool
    told: str


STATES: Mapping[State, StateMeaning] = MappingProxyType(
    {
        "RECEIVED": StateMeaning(2, False, "Recebemos o seu pedido. A resposta sai até {due}."),
        "ELIGIBILITY_CHECK": StateMeaning(2, False, "Recebemos o seu pedido. A resposta sai até {due}."),
        "ADMIN_REVIEW": StateMeaning(2, False, "Uma pessoa da equipe está com o seu pedido. A resposta sai até {due}."),
        "PENDING_DOCUMENTS": StateMeaning(5, False, "Falta algo para seguir com o seu pedido."),
        "PENDING_JUSTIFICATION": StateMeaning(4, False, "Falta uma informação do seu médico para seguir."),
        "RULES_EVALUATION": StateMeaning(2, False, "Recebemos o seu pedido. A resposta sai até {due}."),
        "IN_NURSE_REVIEW": StateMeaning(
            2, False, "Uma pessoa da equipe está com o seu pedido. A resposta sai até {due}."
        ),
        "IN_MEDICAL_AUDIT": StateMeaning(
            2, False, "Um médico da equipe está com o seu pedido. A resposta sai até {due}."
        ),
        "IN_MANUAL_REVIEW": StateMeaning(None, False, "Estamos conferindo os documentos. A resposta sai até {due}."),
        "DECISION_READY": StateMeaning(2, False, "A resposta do seu pedido está sendo escrita. Ela sai até {due}."),
        "APPROVED": StateMeaning(1, True, "O seu pedido foi aprovado."),
        "PARTIALLY_APPROVED": StateMeaning(
            7, True, "Uma parte do seu pedido foi aprovada. Veja a explicação na carta."
        ),
        "DENIED": StateMeaning(3, True, "O seu pedido não foi aprovado. Veja o motivo e como pedir nova análise."),
        "ISSUED": StateMeaning(1, True, "O seu pedido foi aprovado. Use a guia até {until}."),
        "EXPIRED": StateMeaning(6, True, "O prazo da guia terminou. Peça uma nova, se ainda precisar."),
        "CANCELLED": StateMeaning(6, True, "O pedido foi cancelado, como você pediu."),
        "CLOSED": StateMeaning(None, True, "O pedido foi concluído."),
    }
)

WITH_PEOPLE: tuple[State, ...] = ("ADMIN_REVIEW", "IN_NURSE_REVIEW", "IN_MEDICAL_AUDIT", "IN_MANUAL_REVIEW")
WAITING: tuple[State, ...] = ("PENDING_DOCUMENTS", "PENDING_JUSTIFICATION")
ANSWERS: tuple[State, ...] = ("APPROVED", "PARTIALLY_APPROVED", "DENIED")
"""The conclusive answers of the operator; what else ends a request is the asker's or time's doing."""
OPEN: tuple[State, ...] = tuple(state for state, meaning in STATES.items() if not meaning.answered)
PEOPLE_WHO_ASKED: frozenset[Actor] = frozenset({"staff", "clerk", "member"})
SYSTEM: frozenset[Actor] = frozenset({"system"})
STAFF: frozenset[Actor] = frozenset({"staff"})
ANYBODY: frozenset[Actor] = frozenset({"system", "staff", "clerk", "member"})


@dataclass(frozen=True)
class Transition:
    """One row of the table. `text` says in Portuguese what happened, for the case's history."""

    name: TransitionName
    sources: tuple[State, ...]
    target: State
    actors: frozenset[Actor]
    guard: GuardName
    text: str
    clock: ClockEffect = "runs"


TRANSITIONS: Mapping[TransitionName, Transition] = MappingProxyType(
    {
        row.name: row
        for row in (
            Transition("check", ("RECEIVED",), "ELIGIBILITY_CHECK", SYSTEM, "always", "Conferência do cadastro"),
            Transition(
                "find_admin_issue",
                ("ELIGIBILITY_CHECK",),
                "ADMIN_REVIEW",
                SYSTEM,
                "always",
                "Questão administrativa: vai para uma pessoa",
            ),
            Transition(
                "pass_eligibility", ("ELIGIBILITY_CHECK",), "RULES_EVALUATION", SYSTEM, "care", "Cadastro conferido"
            ),
            Transition(
                "approve_urgent",
                ("ELIGIBILITY_CHECK",),
                "APPROVED",
                SYSTEM,
                "urgent_or_ordered",
                "Aprovado de imediato",
                "answers",
            ),
            Transition(
                "route_refund",
                ("ELIGIBILITY_CHECK",),
                "IN_MANUAL_REVIEW",
                SYSTEM,
                "non_care",
                "Pedido que não é de atendimento: conferência dos documentos",
            ),
            Transition(
                "ask_documents",
                ("RULES_EVALUATION",),
                "PENDING_DOCUMENTS",
                SYSTEM,
                "elective",
                "Documentos ou informações pedidos, de uma vez",
            ),
            Transition("receive_answer", WAITING, "ELIGIBILITY_CHECK", ANYBODY, "always", "Resposta recebida"),
            Transition(
                "end_waiting",
                WAITING,
                "IN_MEDICAL_AUDIT",
                SYSTEM,
                "care",
                "O prazo da resposta terminou: um médico olha com o que há",
            ),
            Transition(
                "end_waiting_refund",
                ("PENDING_JUSTIFICATION",),
                "IN_MANUAL_REVIEW",
                SYSTEM,
                "non_care",
                "O prazo da resposta terminou: uma pessoa olha com o que há",
            ),
            Transition(
                "approve_by_rule",
                ("RULES_EVALUATION",),
                "APPROVED",
                SYSTEM,
                "rules_allow",
                "Aprovado pelas regras",
                "answers",
            ),
            Transition(
                "route_administrative",
                ("RULES_EVALUATION",),
                "ADMIN_REVIEW",
                SYSTEM,
                "always",
                "Encaminhado para conferência administrativa",
            ),
            Transition(
                "route_nurse",
                ("RULES_EVALUATION",),
                "IN_NURSE_REVIEW",
                SYSTEM,
                "always",
                "Encaminhado para a enfermagem",
            ),
            Transition(
                "route_medical",
                ("RULES_EVALUATION",),
                "IN_MEDICAL_AUDIT",
                SYSTEM,
                "always",
                "Encaminhado para auditoria médica",
            ),
            Transition(
                "forward_medical",
                ("IN_NURSE_REVIEW",),
                "IN_MEDICAL_AUDIT",
                STAFF,
                "always",
                "Encaminhado da enfermagem a um médico",
            ),
            Transition(
                "ask_justification",
                WITH_PEOPLE,
                "PENDING_JUSTIFICATION",
                STAFF,
                "elective",
                "Informação pedida a quem solicitou",
            ),
            Transition("complete_opinion", WITH_PEOPLE, "DECISION_READY", STAFF, "always", "Análise concluída"),
            Transition(
                "release_approval", ("DECISION_READY",), "APPROVED", STAFF, "always", "Aprovação liberada", "answers"
            ),
            Transition(
                "release_part",
                ("DECISION_READY",),
                "PARTIALLY_APPROVED",
                STAFF,
                "grounded",
                "Aprovação parcial liberada",
                "answers",
            ),
            Transition(
                "release_denial", ("DECISION_READY",), "DENIED", STAFF, "grounded", "Negativa liberada", "answers"
            ),
            Transition(
                "issue",
                ("APPROVED", "PARTIALLY_APPROVED"),
                "ISSUED",
                frozenset({"system", "staff"}),
                "care",
                "Guia e senha emitidas",
                "answers",
            ),
            Transition(
                "confirm_after_care",
                ("ISSUED",),
                "ISSUED",
                STAFF,
                "urgent_or_ordered",
                "Revisão posterior ao atendimento",
                "answers",
            ),
            Transition(
                "confirm_after_expiry",
                ("EXPIRED",),
                "EXPIRED",
                STAFF,
                "urgent_or_ordered",
                "Revisão posterior ao atendimento, com a senha já encerrada",
                "answers",
            ),
            Transition(
                "expire", ("ISSUED",), "EXPIRED", SYSTEM, "validity_over", "Validade da senha encerrada", "answers"
            ),
            Transition(
                "close",
                ("APPROVED", "PARTIALLY_APPROVED", "DENIED"),
                "CLOSED",
                STAFF,
                "non_care",
                "Pedido concluído",
                "answers",
            ),
            Transition(
                "cancel",
                (*OPEN, "ISSUED"),
                "CANCELLED",
                PEOPLE_WHO_ASKED,
                "always",
                "Cancelado a pedido",
                "answers",
            ),
        )
    }
)


@dataclass(frozen=True)
class Circumstances:
    """What guards look at. `grounded`: a released decision passed `authority.check_release`."""

    actor: Actor
    urgent: bool = False
    ordered_by_court: bool = False
    non_care: bool = False
    rules_allow: bool = False
    grounded: bool = False
    validity_over: bool = False


_GUARDS: Mapping[GuardName, str] = MappingProxyType(
    {
        "always": "",
        "elective": "an urgent request never waits for papers",
        "urgent_or_ordered": "the request is neither urgent nor ordered by a court",
        "non_care": "the request is one of care",
        "care": "the request is not one of care",
        "rules_allow": "the rules do not allow it",
        "grounded": "no person released a decision with its grounds",
        "validity_over": "the guide is still valid",
    }
)


def move(state: State, name: TransitionName, circumstances: Circumstances) -> Transition:
    """The row to take. Raises `Conflict` `prior_auth.transition_refused` with the reason."""
    row = TRANSITIONS[name]
    if state not in row.sources:
        raise transition_refused(state, name, "the request is not in a state that allows this")
    if circumstances.actor not in row.actors:
        raise transition_refused(state, name, f"this is not for the {circumstances.actor}")
    if not _holds(row.guard, circumstances):
        raise transition_refused(state, name, _GUARDS[row.guard])
    return row


def _holds(guard: GuardName, it: Circumstances) -> bool:
    match guard:
        case "always":
            return True
        case "elective":
            return not it.urgent
        case "urgent_or_ordered":
            return it.urgent or it.ordered_by_court
        case "non_care":
            return it.non_care
        case "care":
            return not it.non_care
        case "rules_allow":
            return it.rules_allow
        case "grounded":
            return it.grounded
        case "validity_over":
            return it.validity_over
