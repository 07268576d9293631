"""The door for what comes after an answer, or asks for more of it: reanalysis, complaint, court order, extension."""

from datetime import datetime
from typing import Annotated, Literal, Protocol

from pydantic import AfterValidator, AwareDatetime, Field

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import RequestId
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.access import Note
from austa.modules.prior_auth.api.guides import Reopening
from austa.modules.prior_auth.api.requests import (
    AskedItem,
    AttachedDocument,
    DecisionRecord,
    IndicationFact,
    RequestReceipt,
    RequestStatus,
)

ReviewAct = Literal["reanalyse", "complain", "obey", "extend"]
"""What may come after an answer, by the names of `Reviews`."""


LONGEST_NUMBER = 60


def _number(number: Personal) -> Personal:
    text = number.reveal().strip()
    if not 0 < len(text) <= LONGEST_NUMBER or not text.isprintable():
        raise ValueError(f"a number of at most {LONGEST_NUMBER} characters")
    return Personal(text)


class OpenedReview(Contract):
    """A look that was asked for again. `by`: who registered it, as in the request's history; `written`: their words, or
    the number of the complaint or lawsuit."""

    kind: Reopening
    at: datetime
    by: str
    written: Personal | None


class ReviewBook(Contract):
    """What was asked after the answer, newest first, and what the caller may start now. Whoever does not work for the
    operator reads only what they may start. `version`: of the request, to be sent back."""

    reviews: tuple[OpenedReview, ...]
    may: tuple[ReviewAct, ...]
    version: int


class ReanalysisAsked(Contract):
    """A member, or staff or the provider for them, asks the ombudsman to look again. `expected_version`: of the
    request as it was seen, where that matters."""

    reason: Note | None = None
    """In their own words; a reason is never demanded."""
    expected_version: int | None = None


class ComplaintReceived(Contract):
    """A complaint that ANS passed on (NIP)."""

    number: Annotated[Personal, AfterValidator(_number)]
    expected_version: int


class OrderReceived(Contract):
    """An order of a court, obeyed at once. `court_case`: the lawsuit's number (CNJ), whose check digits must agree."""

    court_case: str = Field(pattern=r"^\d{7}-\d{2}\.\d{4}\.\d\.\d{2}\.\d{4}$")
    expected_version: int


class ExtensionAsked(Contract):
    """More of what a guide allowed, while or after it is used; a request of its own that names the guide
    (`nrGuiaReferenciada` of TISS). What is not said again is as in the request before."""

    items: tuple[AskedItem, ...] = Field(min_length=1, max_length=100)
    asked_at: AwareDatetime | None = None
    indication: Personal | None = None
    facts: tuple[IndicationFact, ...] = Field((), max_length=60)
    documents: tuple[AttachedDocument, ...] = Field((), max_length=60)


class Reviews(Protocol):
    """After the answer. What the caller may not see is `NotFound`; `Conflict` `prior_auth.stale_version` where
    the request changed since it was seen."""

    async def book(self, caller: Caller, request_id: RequestId) -> ReviewBook:
        """What was asked after the answer, and what may be. That staff read somebody's words is written down."""
        ...

    async def reanalyse(self, caller: Caller, key: str, request_id: RequestId, asked: ReanalysisAsked) -> RequestStatus:
        """Look again at a denial or reduction, within seven business days (RN ANS 623/2024); the first answer stands
        meanwhile. Idempotent by (operator, key). Raises `Conflict` `prior_auth.transition_refused` where nothing was
        denied or it is being looked at already."""
        ...

    async def complain(
        self, caller: Caller, key: str, request_id: RequestId, received: ComplaintReceived
    ) -> RequestStatus:
        """Answer a complaint to ANS: a physician looks, in the term of the complaint or that of the request, whichever
        ends first. Raises as `reanalyse`."""
        ...

    async def obey(self, caller: Caller, key: str, request_id: RequestId, order: OrderReceived) -> DecisionRecord:
        """Approve the whole request as a court orders, and issue the guide. `caller` is the person who registers the
        order and has the power to approve. Raises `Invalid` `prior_auth.court_case_wrong`, `Conflict` as `reanalyse`.
        """
        ...

    async def extend(self, caller: Caller, key: str, request_id: RequestId, asked: ExtensionAsked) -> RequestReceipt:
        """Ask to go on. Raises `Conflict` `prior_auth.nothing_to_extend` where that request has no guide, and what
        `PriorAuth.request` raises."""
        ...
