"""The door to eligibility: every administrative check about a person on a day, before or without a request."""

from datetime import date, datetime
from typing import Literal, Protocol

from pydantic import AwareDatetime, Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import MemberId, ProviderId
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.requests import (
    AdministrativeProposal,
    AskedItem,
    Character,
    EligibilityCheck,
    IndicationFact,
    Requester,
)

Standing = Literal["eligible", "person", "return_proposed"]
"""All is well; somebody has to look; an administrative return may be proposed, which only a person releases."""


class EligibilityAsked(Contract):
    """Whose eligibility (exactly one of `card` and `member_id`), for what, on which day.

    `on` is a local day of the operator, today where none is named; `known_at`: as the registry was known at that
    moment, now where none is named. Without items the checks about items say so.
    """

    card: Personal | None = None
    member_id: MemberId | None = None
    items: tuple[AskedItem, ...] = Field((), max_length=100)
    character: Character = "elective"
    on: date | None = None
    known_at: AwareDatetime | None = None
    cids: tuple[Personal, ...] = Field((), max_length=20)
    facts: tuple[IndicationFact, ...] = Field((), max_length=60)
    requester: Requester | None = None
    provider_id: ProviderId | None = None


class EligibilityAnswer(Contract):
    """Every check in its order, with evidence, clause and TISS reason. `member_id` is None where nobody has that card.

    `proposal` is what a person might release where an administrative check failed. The answer denies nothing.
    """

    member_id: MemberId | None
    on: date
    known_at: datetime
    standing: Standing
    text: str
    """A Portuguese sentence for staff."""
    checks: tuple[EligibilityCheck, ...]
    proposal: AdministrativeProposal | None
    pack_version: str
    pack_digest: str


class Eligibility(Protocol):
    """Eligibility of the caller's operator."""

    async def check(self, caller: Caller, asked: EligibilityAsked) -> EligibilityAnswer:
        """Answer every check. A look by staff at a person is written down.

        Raises `Invalid` `prior_auth.whose_eligibility`, `prior_auth.day_impossible`, `prior_auth.known_in_future`,
        `members.bad_document`; `NotFound` `members.no_such_member`, `members.not_known_then`.
        """
        ...
