"""What may be asked about the ADI 7265 checklists of a case."""

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid
from austa.kernel.ids import CaseId
from austa.kernel.personal import Personal
from austa.modules.medical_audit.api.cases import Assignee, EvidencePin, Words

Criterion = Literal["prescribed", "not_refused", "no_alternative", "evidence", "registered"]
"""The five cumulative criteria of STF, ADI 7265 (18 September 2025), for care outside the Rol: prescribed by who
treats; not refused by ANS and under no analysis for the Rol; no adequate alternative in it; high-level evidence of
efficacy and safety; registered at Anvisa."""

CriterionAnswer = Literal["satisfied", "not_satisfied", "unknown"]


class CriterionAnswered(Contract):
    """What a physician found of one criterion. An answer other than `unknown` names at least one reference: a study, a
    norm, a registration, or a page of the case's documents."""

    criterion: Criterion
    answer: CriterionAnswer
    references: tuple[Words, ...] = Field((), max_length=20)
    pins: tuple[EvidencePin, ...] = Field((), max_length=20)


class ChecklistAsked(Contract):
    """A checklist as filled in for one item of the request; each criterion once."""

    position: int
    criteria: tuple[CriterionAnswered, ...]
    note: Personal | None = None


class Checklist(Contract):
    """A checklist as kept: never changed, a later one of the same item stands beside it. It is material for the
    opinion: nothing is computed of it, and no decision follows from it."""

    id: UUID
    position: int
    criteria: tuple[CriterionAnswered, ...]
    note: Personal | None
    author: Assignee
    council: str | None
    created_at: datetime


class ItemChecklists(Contract):
    """One item with the checklists filled in for it, newest first. `asked_for`: the Rol is not known to list it."""

    position: int
    tuss: str
    description: str
    asked_for: bool
    checklists: tuple[Checklist, ...]


class CaseChecklists(Contract):
    """The items of a case. `may_write`: this person may fill one in now."""

    items: tuple[ItemChecklists, ...]
    may_write: bool


class Checklists(Protocol):
    """The ADI 7265 checklists of the caller's operator."""

    async def of_case(self, caller: Caller, case_id: CaseId) -> CaseChecklists:
        """All of a case; leaves an access record. Raises `NotFound` `medical_audit.no_such_case`."""
        ...

    async def write(self, caller: Caller, case_id: CaseId, asked: ChecklistAsked) -> Checklist:
        """Keep a checklist. A physician only, and nobody on an own request (I7): `Forbidden`.

        Raises `Invalid` `medical_audit.checklist_incomplete` (details: `criteria` that are missing, repeated or without
        a reference), `medical_audit.no_such_item`; `Conflict` as `write_opinion`.
        """
        ...


def no_such_item(position: int) -> Invalid:
    return Invalid("medical_audit.no_such_item", "the request has no item at that position", position=position)


def checklist_incomplete(criteria: tuple[str, ...]) -> Invalid:
    return Invalid(
        "medical_audit.checklist_incomplete",
        "each criterion is answered once, and an answer names its reference",
        criteria=criteria,
    )
