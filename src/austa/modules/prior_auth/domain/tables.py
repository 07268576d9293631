"""The decision tables that one assessment or decision is made by, and what they are asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid
from austa.modules.prior_auth.api.requests import Outcome, Path, Queue
from austa.modules.prior_auth.api.rules import RuleSetName
from austa.modules.prior_auth.domain.dmn.engine import Rules, load_rules
from austa.modules.prior_auth.domain.rule_sets import ACTORS, AUTHORITY, CONCLUSION, ENTRY

QUEUES: Sequence[Queue] = ("administrative", "nurse", "medical", "manual")
"""From the one that needs least to the one that needs most of a person."""
KEPT = 16


@lru_cache(KEPT)
def compiled(xml: bytes) -> Rules:
    """Rules for decisions about people. A process compiles the same text once, whatever parts of it decide by it.

    Raises `prior_auth.rules_refused`, as `load_rules` does.
    """
    return load_rules(xml)


class TableUsed(Contract):
    """Which version of a set was used. `digest`: SHA-256, hex, by which it is kept for ever."""

    rule_set: RuleSetName
    number: int
    digest: str


@dataclass(frozen=True)
class Turn:
    """A way that a table chose, with the rule that says why, where one does. `row`: the table and its rule from 1."""

    path: Path
    queue: Queue | None
    rule: str | None
    text: str | None
    row: str


@dataclass(frozen=True)
class Reason:
    """Why a person should look, and which one."""

    rule: str
    queue: Queue
    text: str
    row: str


@dataclass(frozen=True)
class Tables:
    """The tables in force at a moment, each with its version. `label` is the version that fired rules name; None where
    they name that of their set."""

    routing: Rules
    authority: Rules
    used: tuple[TableUsed, ...]
    label: str | None = None

    @property
    def version(self) -> str:
        """What rules of the routing tables are marked with."""
        routing = next((table for table in self.used if table.rule_set == "routing"), None)
        return self.label or (f"routing {routing.number}" if routing else self.routing.digest[:12])

    def enter(self, inputs: Mapping[str, Any]) -> Turn | None:
        """The first look, before items are looked at; None where it goes on.

        Raises `Invalid` `prior_auth.decision_undefined`, as all questions here.
        """
        return _turn(self.routing, ENTRY, inputs)

    def conclude(self, inputs: Mapping[str, Any]) -> Turn | None:
        """The way of a request of which everything is known."""
        return _turn(self.routing, CONCLUSION, inputs)

    def reasons(self, decision: str, inputs: Mapping[str, Any]) -> list[Reason]:
        """Everything that calls for a person."""
        decided = self.routing.decide_with_rules(decision, inputs)
        results: Any = decided.result
        return [
            Reason(found["Regra"], found["Fila"], found["Motivo"], f"{fired.table}, {fired.rule}")
            for found, fired in zip(results, decided.fired, strict=True)
        ]

    def power(self, act: str, role: str) -> tuple[str, str]:
        """Whether that role may do that, by the operator's authority matrix: yes, propose or no, and why."""
        answer: Any = self.authority.decide(AUTHORITY, {"Ato": act, "Papel": role})
        return answer["Permissão"], answer["Motivo"]

    def why_not(self, outcome: Outcome, roles: Iterable[str]) -> str | None:
        """Why nobody with these roles may release this; None where one may."""
        answers = [self.power(outcome, role) for role in sorted(roles) if role in ACTORS]
        if any(power == "yes" for power, _ in answers):
            return None
        return next((text for _, text in answers), "Este papel não está na matriz de alçada.")


def highest(queues: Sequence[Queue]) -> Queue | None:
    """The queue that needs most of a person."""
    return max(queues, key=QUEUES.index, default=None)


def _turn(rules: Rules, decision: str, inputs: Mapping[str, Any]) -> Turn | None:
    decided = rules.decide_with_rules(decision, inputs)
    found: Any = decided.result
    if not isinstance(found, dict):
        raise Invalid("prior_auth.decision_undefined", f'the decision "{decision}" has no result', decision=decision)
    if found["Caminho"] is None:
        return None
    row = f"{decided.fired[0].table}, {decided.fired[0].rule}" if decided.fired else decision
    return Turn(found["Caminho"], found["Fila"], found["Regra"], found["Motivo"], row)
