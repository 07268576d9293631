"""What the provider needs to perform the care, and which of a request's guides counts."""

from datetime import date
from typing import Literal

from austa.kernel.contracts import Contract
from austa.kernel.personal import Personal

Reopening = Literal["reanalysis", "complaint", "order"]
"""Why an answer was looked at again."""
GuideStanding = Literal["valid", "replaced", "ended", "cancelled"]
"""`ended`: its last day is over. What was replaced stays readable, and no longer counts."""


class ReplacedGuide(Contract):
    """An earlier guide of the same request, in whose place another stands. What was performed under it counts towards
    the one that replaced it."""

    number: str
    valid_until: date
    reason: Reopening


class Guide(Contract):
    """A guide as it was issued."""

    number: str
    senha: Personal
    valid_until: date
    replaces: ReplacedGuide | None = None


class GuideView(Contract):
    """A guide as it stands now; of one request at most one is `valid`. `replaced_by`: the number of the other, which
    was issued for `reason`."""

    number: str
    senha: Personal
    issued_on: date
    valid_until: date
    standing: GuideStanding
    replaced_by: str | None = None
    reason: Reopening | None = None
