"""What is wrong with a model, said so that its author finds the place."""

from dataclasses import dataclass
from typing import Any

from austa.kernel.errors import Invalid


@dataclass(frozen=True)
class Place:
    """Where in a model: rules are counted from 1, a column has the text of its head."""

    decision: str = ""
    rule: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [f'decision "{self.decision}"'] if self.decision else []
        parts += [f"rule {self.rule}"] if self.rule is not None else []
        parts += [f'column "{self.column}"'] if self.column else []
        return ", ".join(parts) or "model"


@dataclass(frozen=True)
class Fault:
    """Why a model, or a part of it, cannot be evaluated.

    `expected` says what would have been right; `beyond` marks what the standard has and level 2 has not.
    """

    place: Place
    text: str
    expected: str
    beyond: bool = False

    def __str__(self) -> str:
        shown = f' "{self.text}"' if self.text else ""
        return f"{self.place}:{shown} expected {self.expected}"

    def as_dict(self) -> dict[str, Any]:
        """For machines: the place, the text and what was expected."""
        return {
            "decision": self.place.decision,
            "rule": self.place.rule,
            "column": self.place.column,
            "text": self.text,
            "expected": self.expected,
        }


class SyntaxFault(Exception):
    """A text that is no S-FEEL here: what was expected at which character (from 0)."""

    def __init__(self, text: str, at: int, expected: str, beyond: bool = False) -> None:
        super().__init__(expected)
        self.text = text
        self.at = at
        self.expected = expected
        self.beyond = beyond

    def at_place(self, place: Place) -> Fault:
        """The same as a fault of the model."""
        return Fault(place, self.text, f"{self.expected} at character {self.at + 1}", self.beyond)


class Undefined(Exception):
    """Strict evaluation met what the standard makes null. `reason` and `about` (the input, column or rules) name kinds
    and names, never values.
    """

    def __init__(self, code: str, reason: str, about: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.about = about


def refused(faults: list[Fault]) -> Invalid:
    """The error for a model that must not be activated."""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return Invalid("prior_auth.rules_refused", f"{faults[0]}{more}", faults=tuple(fault.as_dict() for fault in faults))
