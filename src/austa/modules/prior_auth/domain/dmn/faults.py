"""What is wrong with a model, said so that its author finds the place."""

from dataclasses import dataclass
from typing import Any

from austa.kernel.errors import AustaError, Invalid

_WHY = {
    "input_absent": "falta o dado “{}”",
    "input_mistyped": "o dado “{}” é de outro tipo",
    "value_not_allowed": "o valor de “{}” não está entre os permitidos",
    "kinds_differ": "o valor de “{}” é de outro tipo",
    "rules_overlap": "mais de uma regra serve ao mesmo tempo ({})",
    "results_differ": "as regras que servem dão resultados diferentes ({})",
    "no_rule_matched": "nenhuma regra serve e não há resultado padrão",
}


@dataclass(frozen=True)
class Place:
    """Where in a model: rules are counted from 1, a column has the text of its head."""

    decision: str = ""
    rule: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [f"decisão “{self.decision}”"] if self.decision else []
        parts += [f"regra {self.rule}"] if self.rule is not None else []
        parts += [f"coluna “{self.column}”"] if self.column else []
        return ", ".join(parts) or "modelo"


@dataclass(frozen=True)
class Fault:
    """Why a model, or a part of it, cannot be evaluated, in Portuguese: its author reads it in the web app, too.

    `expected` says what would have been right; `beyond` marks what the standard has and level 2 has not.
    """

    place: Place
    text: str
    expected: str
    beyond: bool = False

    def __str__(self) -> str:
        shown = f" “{self.text}”;" if self.text else ""
        return f"{self.place}:{shown} esperado: {self.expected}"

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
        return Fault(place, self.text, f"{self.expected}, no caractere {self.at + 1}", self.beyond)


class Undefined(Exception):
    """Strict evaluation met what the standard makes null. `reason` and `about` (the input, column or rules) name kinds
    and names, never values.
    """

    def __init__(self, code: str, reason: str, about: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.about = about


def why_not_made(code: str, about: str) -> str:
    """In Portuguese, why strict evaluation came to nothing: the code and the name of an `Undefined`."""
    return _WHY.get(code, "uma conta não tem resultado com estes dados").format(about)


def faults_of(error: AustaError) -> tuple[Fault, ...]:
    """The faults that a refusal tells of."""
    told = error.details.get("faults")
    if not isinstance(told, tuple):
        return (Fault(Place(), "", error.message),)
    places = [Place(each["decision"], each["rule"], each["column"]) for each in told]
    return tuple(Fault(place, each["text"], each["expected"]) for place, each in zip(places, told, strict=True))


def refused(faults: list[Fault]) -> Invalid:
    """The error for a model that must not be activated."""
    more = f" (e mais {len(faults) - 1})" if len(faults) > 1 else ""
    return Invalid("prior_auth.rules_refused", f"{faults[0]}{more}", faults=tuple(fault.as_dict() for fault in faults))
