"""What a rule returns, and what a rule is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from austa.kernel.ids import RequestId
from austa.modules.fraud.api import Effect, Table
from austa.modules.fraud.domain.picture import Picture
from austa.modules.fraud.domain.rulebook import RuleSettings, Tables

Fires = Literal["more", "less", "either"]
"""Whether a rule finds more or less as a number of its grows; `either`: that depends on the request."""


@dataclass(frozen=True)
class Finding:
    """One thing a rule found: a Portuguese sentence, what it rests on, and other requests that show it."""

    text: str
    evidence: tuple[str, ...] = ()
    other_requests: tuple[RequestId, ...] = ()


@dataclass(frozen=True)
class Settings:
    """One rule's numbers, and the tables that all rules share."""

    rule: RuleSettings
    tables: Tables

    def limit(self, name: str) -> int:
        return self.rule.limit(name)


Look = Callable[[Picture, Settings], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """One of the thirty. `limits`: the numbers it goes by, and which way each leads; `about`: what it looks for, in
    Portuguese; `innocent`: what looks like it and is not; `needs`: the table without which it is blind."""

    id: str
    look: Look
    about: str
    innocent: str
    limits: tuple[tuple[str, Fires], ...] = ()
    needs: Table | None = None
    effects: tuple[Effect, ...] = ("route", "inform")
