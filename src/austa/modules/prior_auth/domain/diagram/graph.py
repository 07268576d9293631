"""What the diagram shows, read from the table: states, who holds them, and the flows between them.

A transition that may be taken from most open states (a cancellation), or that opens again what was answered, is no
flow from each of its states but an event that may come at any time: BPMN's event sub-process. So the picture stays
readable however many states there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from austa.modules.prior_auth.api.requests import State
from austa.modules.prior_auth.domain.guards import Actor
from austa.modules.prior_auth.domain.lifecycle import OPEN, STATES, TRANSITIONS, Transition

LaneName = Literal["asker", "system", "staff", "answer"]
LANES: Mapping[LaneName, str] = {
    "asker": "Quem pediu",
    "system": "Regras e prazos",
    "staff": "Equipe da operadora",
    "answer": "Resposta",
}
"""Who holds a request in a state, from top to bottom of the picture."""

ACTORS: Mapping[Actor, str] = {"system": "regras e prazos", "staff": "equipe", "member": "quem pediu"}
"""Who may move a request, in Portuguese."""

NAMES: Mapping[State, str] = {
    "RECEIVED": "Recebido",
    "ELIGIBILITY_CHECK": "Conferir cadastro",
    "ADMIN_REVIEW": "Revisão administrativa",
    "PENDING_DOCUMENTS": "Aguardar documentos",
    "PENDING_JUSTIFICATION": "Aguardar justificativa",
    "RULES_EVALUATION": "Avaliar regras",
    "IN_NURSE_REVIEW": "Análise da enfermagem",
    "IN_MEDICAL_AUDIT": "Auditoria médica",
    "IN_MANUAL_REVIEW": "Conferir documentos",
    "EXTENSION_REQUESTED": "Prorrogação pedida",
    "REQUESTER_CONTACT": "Contato com o solicitante",
    "BOARD_OPENED": "Junta: escolher desempatador",
    "BOARD_TIEBREAKER": "Junta: desempate",
    "BOARD_OPINION": "Parecer da junta",
    "REANALYSIS": "Nova análise (ouvidoria)",
    "REGULATOR_NIP": "Reclamação à ANS (NIP)",
    "COURT_ORDER": "Ordem judicial",
    "DECISION_READY": "Liberar decisão",
    "APPROVED": "Aprovado",
    "PARTIALLY_APPROVED": "Aprovado em parte",
    "DENIED": "Não aprovado",
    "ISSUED": "Guia emitida",
    "EXPIRED": "Guia vencida",
    "CANCELLED": "Cancelado",
    "CLOSED": "Concluído",
}


@dataclass(frozen=True)
class Flow:
    """All ways from one state to another, as one arrow."""

    source: State
    target: State
    rows: tuple[Transition, ...]


@dataclass(frozen=True)
class Graph:
    """States in the order of the table, the flows between them, and what may come at any time."""

    start: State
    states: tuple[State, ...]
    flows: tuple[Flow, ...]
    anytime: tuple[Transition, ...]

    @cached_property
    def lanes(self) -> dict[State, LaneName]:
        """Who holds the request: whoever may move it on."""
        return {state: self._lane(state) for state in self.states}

    def _lane(self, state: State) -> LaneName:
        if STATES[state].answered:
            return "answer"
        actors = {actor for flow in self.leaving(state) for row in flow.rows for actor in row.actors}
        if "member" in actors:
            return "asker"
        return "staff" if "staff" in actors else "system"

    def leaving(self, state: State) -> list[Flow]:
        """The flows out of a state."""
        return [flow for flow in self.flows if flow.source == state]

    @cached_property
    def columns(self) -> dict[State, int]:
        """How far to the right each state stands: after all that comes before it, cycles cut where they turn back."""
        columns: dict[State, int] = {}
        for state in self._reading_order():
            before = [flow.source for flow in self.flows if flow.target == state]
            columns[state] = max((columns[source] + 1 for source in before if source in columns), default=0)
        return columns

    def _reading_order(self) -> list[State]:
        """The greedy order of Eades et al. (1993): what leads nowhere else comes last, most ways out and fewest in
        come first; of equals, where we act before where somebody is waited for."""
        first: list[State] = []
        last: list[State] = []
        left = list(self.states)
        while left:
            ends = [state for state in left if not any(f.source == state and f.target in left for f in self.flows)]
            last = [*ends, *last]
            left = [state for state in left if state not in ends]
            reached = [state for state in left if self._is_reached(state, first)]
            if reached and not ends:
                chosen = min(reached, key=lambda state: (self._balance(state, left), self.lanes[state] == "asker"))
                first.append(chosen)
                left.remove(chosen)
        return first + last

    def _is_reached(self, state: State, order: list[State]) -> bool:
        before = [flow.source for flow in self.flows if flow.target == state]
        return state == self.start or not before or any(source in order for source in before)

    def _balance(self, state: State, left: list[State]) -> int:
        ways_in = sum(f.target == state and f.source in left for f in self.flows)
        ways_out = sum(f.source == state and f.target in left for f in self.flows)
        return ways_in - ways_out


def read_table() -> Graph:
    """The graph of `TRANSITIONS`."""
    anytime = tuple(row for row in TRANSITIONS.values() if _comes_at_any_time(row))
    rows: dict[tuple[State, State], list[Transition]] = {}
    for row in TRANSITIONS.values():
        for source in () if row in anytime else row.sources:
            if source != row.target:
                rows.setdefault((source, row.target), []).append(row)
    flows = tuple(Flow(source, target, tuple(found)) for (source, target), found in rows.items())
    reached = {end for flow in flows for end in (flow.source, flow.target)}
    states = tuple(state for state in STATES if state in reached)
    return Graph("RECEIVED", states, flows, anytime)


def _comes_at_any_time(row: Transition) -> bool:
    reopens = any(STATES[source].answered for source in row.sources) and not STATES[row.target].answered
    return reopens or len(row.sources) > len(OPEN) / 2


def elements_of(before: State, after: State, transition: str) -> tuple[str, ...]:
    """The ids of what a request passes in the diagram when it moves so; the states themselves are ids too."""
    for row in GRAPH.anytime:
        if row.name == transition:
            return (row.name, f"{row.name}.start", f"{row.name}.flow", *dict.fromkeys((end_of(GRAPH, row), after)))
    if before == after:
        return (after,)
    split = (f"{before}.split", f"{before}.out") if has_split(GRAPH, before) else ()
    return (*split, f"{before}.{after}", after)


def end_of(graph: Graph, anytime: Transition) -> str:
    """Where such an event ends: in its state, where no flow leads there, else in an end of its own."""
    return f"{anytime.name}.end" if anytime.target in graph.states else anytime.target


def choices_from(state: State, *, urgent: bool, non_care: bool, disputed: bool) -> list[Transition]:
    """What may come next for such a request; guards on what is not known yet are taken to hold."""
    known = {
        "elective": not urgent,
        "urgent_or_ordered": urgent,
        "allowed_at_once": urgent,
        "board_admitted": not urgent and not non_care,
        "disputed": disputed,
        "ordered": disputed,
        "care": not non_care,
        "non_care": non_care,
    }
    return [row for row in TRANSITIONS.values() if state in row.sources and known.get(row.guard, True)]


def has_split(graph: Graph, state: State) -> bool:
    """Whether several ways lead out of a state, so that a gateway stands behind it."""
    return len(graph.leaving(state)) > 1


GRAPH = read_table()
