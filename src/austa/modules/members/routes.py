"""HTTP edge of `members`: look somebody up, open the record, import."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from austa.infra.csv_tables import decode_csv
from austa.infra.http import Idempotency, IdempotencyKey, SignedIn, answer, from_json
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import MemberId
from austa.kernel.imports import ImportReport
from austa.kernel.personal import Personal
from austa.modules.members.api import ConfirmedMember, Member, Members, MemberSummary, Told


class Confirmation(Contract):
    """A card number or CPF, and the date of birth."""

    number: Personal
    birth_date: date


def routers(members: Members, idempotency: Idempotency) -> list[APIRouter]:
    """/api/v1/members and /api/v1/imports/members."""
    return [_people(members), _imports(members, idempotency)]


def _people(members: Members) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/members", tags=["members"])

    @routes.get("", response_model=Page[MemberSummary])
    async def search(
        caller: SignedIn,
        q: Annotated[
            str, Query(min_length=2, max_length=120, description="Card, CPF, telephone or parts of the name.")
        ],
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response:
        """Initials and card end; opening a record is another step, and is written down."""
        return answer(await members.search(caller, q, cursor, limit))

    @routes.post("/confirm", response_model=ConfirmedMember)
    async def confirm(caller: SignedIn, asked: Annotated[Confirmation, from_json(Confirmation)]) -> Response:
        """Who has that card or CPF and that date of birth, for the desk of a provider. Creates nothing: no key.

        404 `members.not_confirmed` never says which of the two was wrong; 429 after ten wrong ones.
        """
        return answer(await members.confirm(caller, asked.number.reveal(), asked.birth_date))

    @routes.get("/{member_id}", response_model=Member)
    async def get(caller: SignedIn, member_id: UUID) -> Response:
        """The whole record. That it was opened is written down for the member to see."""
        return answer(await members.get(caller, MemberId(member_id)))

    @routes.get("/{member_id}/history", response_model=Page[Told])
    async def history(caller: SignedIn, member_id: UUID) -> Response:
        """All that was ever told of the person and their contracts: on which days it holds, and when it was believed.

        The newest word first. That it was opened is written down for the member to see.
        """
        return answer(Page(items=await members.told(caller, MemberId(member_id)), next_cursor=None))

    return routes


def _imports(members: Members, idempotency: Idempotency) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/imports", tags=["imports"])

    @routes.post("/members", response_model=ImportReport)
    async def import_members(
        request: Request,
        caller: SignedIn,
        idempotency_key: IdempotencyKey,
        contracts: Annotated[UploadFile | None, File(description="CSV of contracts.")] = None,
        members_file: Annotated[UploadFile | None, File(alias="members", description="CSV of people.")] = None,
        dry_run: Annotated[bool, Form(description="Check everything, write nothing.")] = True,
    ) -> Response:
        """Create or update contracts and people. With a problem nothing is written; the report says which."""
        files = [await file.read() if file else None for file in (contracts, members_file)]
        body = b"".join(b"-" if file is None else b"%d:" % len(file) + file for file in files) + b"%d" % dry_run

        async def create() -> Response:
            texts = [None if file is None else decode_csv(file) for file in files]
            return answer(await members.import_csv(caller, texts[0], texts[1], dry_run=dry_run))

        return await idempotency.once(caller, idempotency_key, request, body, create)

    return routes
