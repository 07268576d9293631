"""HTTP edge of `prior_auth`: ask, follow, cancel, and the page behind a member's link."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import to_json

from austa.infra.http import (
    Idempotency,
    IdempotencyKey,
    SignedIn,
    answer,
    from_json,
    status_of,
    wrong_fields,
)
from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import AustaError
from austa.kernel.ids import MemberId, ProviderId, RequestId
from austa.modules.prior_auth.api.bulk import BulkAnswer, BulkAsked, LineProblem, LineResult
from austa.modules.prior_auth.api.letters import Letter, Letters
from austa.modules.prior_auth.api.links import OpenedLink
from austa.modules.prior_auth.api.requests import (
    AttachedDocument,
    AuthorizationAsked,
    Character,
    IndicationFact,
    PriorAuth,
    RequestFilter,
    RequestReceipt,
    RequestStatus,
    RequestSummary,
    RequestView,
    State,
)

PDF = "application/pdf"
SERVER_FAULT = 500
PDF_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}


class DocumentsAdded(Contract):
    """Papers and facts that answer an ask. `expected_version`: of the request as it was seen, where that matters."""

    documents: tuple[AttachedDocument, ...] = ()
    facts: tuple[IndicationFact, ...] = ()
    expected_version: int | None = None


class Cancellation(Contract):
    """Why a request is given up: one of `CANCEL_REASONS`. `and_guide`: the guide, too, that holds while the answer is
    looked at again."""

    reason: str
    expected_version: int | None = None
    and_guide: bool = False


class ListQuery(BaseModel):
    """Filters of a list of requests; what is not known is refused, so that a misspelt filter shows nothing too much."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    member_id: UUID | None = None
    provider_id: UUID | None = None
    state: tuple[State, ...] = ()
    character: Character | None = None
    protocol: Annotated[str | None, Field(pattern=r"^\d{20}$")] = None
    guide: Annotated[str | None, Field(pattern=r"^\d{1,20}$")] = None
    received_from: AwareDatetime | None = None
    """The first moment that belongs to the list."""
    received_before: AwareDatetime | None = None
    """The first that does not."""
    open_only: bool = False
    cursor: str | None = None

    def filter(self) -> RequestFilter:
        """The same for the service."""
        return RequestFilter(
            member_id=MemberId(self.member_id) if self.member_id else None,
            provider_id=ProviderId(self.provider_id) if self.provider_id else None,
            states=self.state,
            character=self.character,
            protocol=self.protocol,
            guide=self.guide,
            received_from=self.received_from,
            received_before=self.received_before,
            open_only=self.open_only,
        )


class LinkOpening(Contract):
    """The second factor of a link."""

    birth_date: date


class LinkPrompt(Contract):
    """What a link asks for before it shows anything; the same for every token, right or wrong."""

    needs: tuple[str, ...] = ("birth_date",)


def router(prior_auth: PriorAuth, idempotency: Idempotency) -> APIRouter:
    """Requests under /api/v1/authorizations, member links under /api/v1/links."""
    routes = APIRouter(prefix="/api/v1", tags=["authorizations"])

    @routes.post("/auth/request", status_code=201, response_model=RequestReceipt)
    @routes.post("/authorizations", status_code=201, response_model=RequestReceipt)
    async def create(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        asked: Annotated[AuthorizationAsked, from_json(AuthorizationAsked)],
    ) -> Response:
        """Take a request: the protocol comes at once, the decision by event, link or `GET`."""

        async def first_time() -> Response:
            receipt = await prior_auth.request(caller, f"api:{caller.actor}:{key}", asked)
            return answer(receipt, 201, {"location": f"/api/v1/authorizations/{receipt.request_id}"})

        return await idempotency.once(caller, key, request, asked, first_time)

    @routes.post("/authorizations/bulk", response_model=BulkAnswer)
    async def create_many(
        request: Request,
        caller: SignedIn,
        key: IdempotencyKey,
        asked: Annotated[BulkAsked, from_json(BulkAsked)],
    ) -> Response:
        """Take up to 100 requests, each with its own receipt or problem. Sent again with the same key, a line that
        was taken before gets its first receipt."""

        async def first_time() -> Response:
            results = [
                await _take_line(prior_auth, caller, f"api:{caller.actor}:{key}:{line}", line, content)
                for line, content in enumerate(asked.requests)
            ]
            taken = sum(result.receipt is not None for result in results)
            return answer(BulkAnswer(taken=taken, refused=len(results) - taken, results=tuple(results)))

        return await idempotency.once(caller, key, request, asked, first_time)

    @routes.get("/authorizations", response_model=Page[RequestSummary])
    async def find(
        caller: SignedIn,
        filters: Annotated[ListQuery, Query()],
    ) -> Response:
        """Requests, newest first; a member sees their own, a clerk their provider's."""
        return answer(await prior_auth.list(caller, filters.filter(), filters.cursor))

    @routes.get("/authorizations/{request_id}", response_model=RequestView)
    async def get(caller: SignedIn, request_id: UUID) -> Response:
        """The whole request with checks, rules, facts, decisions and history."""
        return answer(await prior_auth.show(caller, RequestId(request_id)))

    @routes.get("/auth/status/{request_id}", response_model=RequestStatus)
    @routes.get("/authorizations/{request_id}/status", response_model=RequestStatus)
    async def status(caller: SignedIn, request_id: UUID) -> Response:
        """What may be told to the member now."""
        return answer(await prior_auth.status(caller, RequestId(request_id)))

    @routes.post("/authorizations/{request_id}/documents", response_model=RequestStatus)
    async def add_documents(
        caller: SignedIn, request_id: UUID, added: Annotated[DocumentsAdded, from_json(DocumentsAdded)]
    ) -> Response:
        """Answer an ask with papers or facts; a document that is there already stays once."""
        return answer(
            await prior_auth.add_documents(
                caller, RequestId(request_id), added.documents, added.facts, added.expected_version
            )
        )

    @routes.post("/authorizations/{request_id}/cancel", response_model=RequestStatus)
    async def cancel(caller: SignedIn, request_id: UUID, cancellation: Cancellation) -> Response:
        """Give a request up. Doing it twice changes nothing.

        409 `prior_auth.guide_would_end` while an answer is looked at again and its guide holds: say which is meant.
        """
        return answer(
            await prior_auth.cancel(
                caller,
                RequestId(request_id),
                cancellation.reason,
                cancellation.expected_version,
                and_guide=cancellation.and_guide,
            )
        )

    @routes.get("/links/{token}", response_model=LinkPrompt)
    async def prompt(token: str) -> Response:
        """What the page behind a link must ask; says nothing about the token."""
        return answer(LinkPrompt())

    @routes.post("/links/{token}/open", response_model=OpenedLink)
    async def open_link(token: str, opening: Annotated[LinkOpening, from_json(LinkOpening)]) -> Response:
        """Procedure, guide, senha and validity, once the date of birth agrees; five tries a link."""
        return answer(await prior_auth.open_link(token, opening.birth_date))

    return routes


async def _take_line(prior_auth: PriorAuth, caller: Caller, key: str, line: int, content: dict[str, Any]) -> LineResult:
    """One of many. What only we can mend (the database went away) ends the call: it can be sent again as it is."""
    try:
        asked = AuthorizationAsked.model_validate_json(to_json(content))
        return LineResult(line=line, receipt=await prior_auth.request(caller, key, asked))
    except ValidationError as error:
        wrong = tuple(wrong_fields(error.errors(include_input=False, include_url=False)))
        detail = "some fields are missing or wrong"
        return LineResult(
            line=line, problem=LineProblem(status=422, code="http.invalid_fields", detail=detail, errors=wrong)
        )
    except AustaError as error:
        if status_of(error) >= SERVER_FAULT:
            raise
        problem = LineProblem(
            status=status_of(error), code=error.code, detail=error.message, details=dict(error.details)
        )
        return LineResult(line=line, problem=problem)


def letter_router(letters: Letters) -> APIRouter:
    """Letters to members: as PDF, and as text with its readability."""
    routes = APIRouter(prefix="/api/v1", tags=["authorizations"])

    @routes.get("/authorizations/{request_id}/letter", responses=PDF_ANSWER)
    async def letter(caller: SignedIn, request_id: UUID) -> Response:
        """The letter about the last answer, or about what is asked for now: PDF/UA, in Portuguese."""
        return _pdf(await letters.pdf(caller, RequestId(request_id)))

    @routes.get("/authorizations/{request_id}/board-notice", responses=PDF_ANSWER)
    async def board_notice(caller: SignedIn, request_id: UUID) -> Response:
        """The notice of the medical board to the requester: PDF/UA, in Portuguese."""
        return _pdf(await letters.board_notice(caller, RequestId(request_id)))

    @routes.get("/authorizations/{request_id}/letter/text", response_model=Letter)
    async def letter_text(caller: SignedIn, request_id: UUID) -> Response:
        """The same letter as text, with how easily it reads."""
        return answer(await letters.letter(caller, RequestId(request_id)))

    @routes.post("/links/{token}/letter", responses=PDF_ANSWER)
    async def letter_behind_link(token: str, opening: Annotated[LinkOpening, from_json(LinkOpening)]) -> Response:
        """The letter for the member, once the date of birth agrees; a wrong one costs a try of the link."""
        return _pdf(await letters.pdf_behind_link(token, opening.birth_date))

    return routes


def _pdf(content: bytes) -> Response:
    headers = {
        "cache-control": "private, no-store",
        "content-disposition": 'inline; filename="carta.pdf"',
        "x-content-type-options": "nosniff",
    }
    return Response(content, 200, headers, PDF)
