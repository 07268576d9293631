"""The life of a request as one explicit table (domain-br 2.7): who may move it, under which guard, to which state.

No row that leads to a denial or a reduction names the system (invariant I1), none that waits for papers is open to
an urgent request (I3), and none that opens a medical board either. Tests walk the whole table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from austa.modules.prior_auth.api.requests import Outcome, State
from austa.modules.prior_auth.domain.guards import REFUSALS, Actor, Circumstances, GuardName, holds
from austa.modules.prior_auth.domain.refusals import transition_refused

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
    "contact_requester",
    "open_board",
    "choose_tiebreaker",
    "agree_with_operator",
    "receive_board_opinion",
    "ask_justification",
    "complete_opinion",
    "follow_board",
    "yield_to_requester",
    "release_approval",
    "release_part",
    "release_denial",
    "issue",
    "confirm_after_care",
    "confirm_after_expiry",
    "expire",
    "close",
    "cancel",
    "reanalyse",
    "review_administrative",
    "review_refund",
    "receive_complaint",
    "receive_order",
    "obey_order",
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
        "EXTENSION_REQUESTED": StateMeaning(
            2, False, "Recebemos o pedido para continuar o atendimento. A resposta sai até {due}."
        ),
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
        "REQUESTER_CONTACT": StateMeaning(2, False, "Estamos conversando com o seu médico. A resposta sai até {due}."),
        "BOARD_OPENED": StateMeaning(
            2,
            False,
            "Outro médico vai olhar o seu pedido. O seu médico ajuda a escolher quem. A resposta sai até {due}.",
        ),
        "BOARD_TIEBREAKER": StateMeaning(2, False, "Outro médico está com o seu pedido. A resposta sai até {due}."),
        "BOARD_OPINION": StateMeaning(2, False, "O outro médico já olhou o seu pedido. A resposta sai até {due}."),
        "REANALYSIS": StateMeaning(
            None, False, "A ouvidoria está olhando o seu pedido de novo. Ela responde até {due}."
        ),
        "REGULATOR_NIP": StateMeaning(
            None, False, "Uma pessoa da equipe está olhando o seu pedido de novo. A resposta sai até {due}."
        ),
        "COURT_ORDER": StateMeaning(None, False, "A guia do seu pedido está sendo feita."),
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

REVIEWED: tuple[State, ...] = ("REANALYSIS", "REGULATOR_NIP")
"""An answer against the member is looked at again; the first answer stands until there is another."""
WITH_PEOPLE: tuple[State, ...] = (
    "ADMIN_REVIEW",
    "IN_NURSE_REVIEW",
    "IN_MEDICAL_AUDIT",
    "IN_MANUAL_REVIEW",
    "REQUESTER_CONTACT",
    *REVIEWED,
)
BOARD: tuple[State, ...] = ("BOARD_OPENED", "BOARD_TIEBREAKER", "BOARD_OPINION")
"""Of the medical board (RN ANS 424/2017): the requester answers, the tie-breaker writes, the opinion prevails."""
DISPUTABLE: tuple[State, ...] = ("DENIED", "ISSUED", "EXPIRED", "CLOSED")
WAITING: tuple[State, ...] = ("PENDING_DOCUMENTS", "PENDING_JUSTIFICATION")
ANSWERS: tuple[State, ...] = ("APPROVED", "PARTIALLY_APPROVED", "DENIED")
"""The conclusive answers of the operator; what else ends a request is the asker's or time's doing."""
OPEN: tuple[State, ...] = tuple(state for state, meaning in STATES.items() if not meaning.answered)
PEOPLE_WHO_ASKED: frozenset[Actor] = frozenset({"staff", "clerk", "member"})
SYSTEM: frozenset[Actor] = frozenset({"system"})
STAFF: frozenset[Actor] = frozenset({"staff"})
TIEBREAKERS: frozenset[Actor] = frozenset({"staff", "tiebreaker"})
"""The tie-breaker signs in, or staff write down the opinion that came on paper."""
REQUESTERS: frozenset[Actor] = frozenset({"staff", "clerk"})
"""The requester by the page of the provider, or a person of the operator who writes down what came."""
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
            Transition(
                "check",
                ("RECEIVED", "EXTENSION_REQUESTED"),
                "ELIGIBILITY_CHECK",
                SYSTEM,
                "always",
                "Conferência do cadastro",
            ),
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
                "allowed_at_once",
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
                "contact_requester",
                ("IN_MEDICAL_AUDIT",),
                "REQUESTER_CONTACT",
                STAFF,
                "care",
                "Divergência técnica: conversa com o médico solicitante",
            ),
            Transition(
                "open_board",
                ("IN_MEDICAL_AUDIT", "REQUESTER_CONTACT"),
                "BOARD_OPENED",
                STAFF,
                "board_admitted",
                "Junta médica aberta, com quatro nomes para o desempate",
            ),
            Transition(
                "choose_tiebreaker",
                ("BOARD_OPENED",),
                "BOARD_TIEBREAKER",
                REQUESTERS,
                "tiebreaker_due",
                "Desempatador escolhido",
            ),
            Transition(
                "agree_with_operator",
                ("BOARD_OPENED",),
                "BOARD_OPINION",
                REQUESTERS,
                "always",
                "O médico solicitante concordou com o parecer: a junta se encerra",
            ),
            Transition(
                "receive_board_opinion",
                ("BOARD_TIEBREAKER",),
                "BOARD_OPINION",
                TIEBREAKERS,
                "always",
                "Parecer do desempatador, que prevalece",
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
                "follow_board", ("BOARD_OPINION",), "DECISION_READY", STAFF, "always", "Segue o parecer da junta"
            ),
            Transition(
                "yield_to_requester",
                ("BOARD_OPENED", "BOARD_TIEBREAKER"),
                "DECISION_READY",
                STAFF,
                "favourable",
                "A operadora aprova sem esperar a junta",
            ),
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
            Transition(
                "reanalyse",
                DISPUTABLE,
                "REANALYSIS",
                PEOPLE_WHO_ASKED,
                "disputed",
                "Nova análise pedida à ouvidoria",
            ),
            Transition(
                "review_administrative",
                REVIEWED,
                "ADMIN_REVIEW",
                PEOPLE_WHO_ASKED,
                "care",
                "Quem olha de novo é a equipe administrativa",
            ),
            Transition(
                "review_refund",
                REVIEWED,
                "IN_MANUAL_REVIEW",
                PEOPLE_WHO_ASKED,
                "non_care",
                "Quem olha de novo é a equipe do reembolso",
            ),
            Transition(
                "receive_complaint",
                (*WITH_PEOPLE, *DISPUTABLE),
                "REGULATOR_NIP",
                STAFF,
                "disputed",
                "Reclamação à ANS (NIP)",
            ),
            Transition(
                "receive_order",
                (*OPEN, *DISPUTABLE),
                "COURT_ORDER",
                STAFF,
                "ordered",
                "Ordem judicial recebida",
            ),
            Transition(
                "obey_order",
                ("COURT_ORDER",),
                "APPROVED",
                STAFF,
                "ordered",
                "Aprovado por ordem judicial",
                "answers",
            ),
        )
    }
)


def move(state: State, name: TransitionName, circumstances: Circumstances) -> Transition:
    """The row to take. Raises `Conflict` `prior_auth.transition_refused` with the reason."""
    row = TRANSITIONS[name]
    if state not in row.sources:
        raise transition_refused(state, name, "the request is not in a state that allows this")
    if circumstances.actor not in row.actors:
        raise transition_refused(state, name, f"this is not for the {circumstances.actor}")
    if not holds(row.guard, circumstances):
        raise transition_refused(state, name, REFUSALS[row.guard])
    return row


def is_open_to(state: State, name: TransitionName, circumstances: Circumstances) -> bool:
    """Whether `move` would take that row."""
    row = TRANSITIONS[name]
    return state in row.sources and circumstances.actor in row.actors and holds(row.guard, circumstances)


def steps_of_decision(outcome: Outcome, state: State, *, non_care: bool) -> tuple[TransitionName, ...]:
    """The way that a person's decision takes from that state; whether it may is for `move` to say."""
    if outcome == "request_information":
        return ("ask_justification",)
    if outcome == "approve" and state in {"ISSUED", "EXPIRED"}:
        return ("confirm_after_care" if state == "ISSUED" else "confirm_after_expiry",)
    first: TransitionName = "complete_opinion"
    if state in BOARD:
        first = "follow_board" if state == "BOARD_OPINION" else "yield_to_requester"
    if outcome in {"deny", "administrative_return"}:
        return (first, "release_denial")
    release: TransitionName = "release_part" if outcome == "approve_in_part" else "release_approval"
    return (first, release, "close" if non_care else "issue")
