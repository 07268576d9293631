"""HTTP edge of `members`: look somebody up, open the record, import; members sign in."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from pydantic import Field

from austa.infra.csv_tables import decode_csv
from austa.infra.http import (
    MEMBER_COOKIE,
    Idempotency,
    IdempotencyKey,
    SignedIn,
    SignedInMember,
    answer,
    from_json,
    from_our_page,
)
from austa.infra.settings import Settings
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import MemberId
from austa.kernel.imports import ImportReport
from austa.kernel.personal import Personal
from austa.modules.members.api import (
    ConfirmedMember,
    Member,
    MemberAtHome,
    Members,
    MemberSignIn,
    MemberSummary,
    StartedSignIn,
    Told,
)


class Confirmation(Contract):
    """A card number or CPF, and the date of birth."""

    number: Personal
    birth_date: date


class SignInAsked(Contract):
    """Who wants to sign in. `operator`: the registry at ANS, where the installation has several operators."""

    operator: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    number: Personal
    birth_date: date


class CodeTyped(Contract):
    """The code that came."""

    operator: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    code_id: UUID
    code: Personal


def session_router(sign_in: MemberSignIn, settings: Settings) -> APIRouter:
    """/api/v1/member-session: members sign in and out. The cookie is for their own pages and nothing else."""
    routes = APIRouter(prefix="/api/v1/member-session", tags=["member session"], dependencies=[Depends(from_our_page)])

    @routes.post("/codes", response_model=StartedSignIn, status_code=202)
    async def start(request: Request, asked: Annotated[SignInAsked, from_json(SignInAsked)]) -> Response:
        """Send a code to a contact on the contract. The answer never tells whether there is such a person.

        429 `members.sign_in_paused` with Retry-After.
        """
        started = await sign_in.start(asked.operator, asked.number, asked.birth_date, _address(request))
        return answer(started, 202)

    @routes.post("", response_model=MemberAtHome, status_code=201)
    async def finish(request: Request, typed: Annotated[CodeTyped, from_json(CodeTyped)]) -> Response:
        """Sign in with the code; sets the cookie. 401 `members.code_refused` never says what was wrong."""
        signed_in = await sign_in.finish(typed.operator, typed.code_id, typed.code, _address(request))
        response = answer(signed_in.home, 201)
        response.set_cookie(
            MEMBER_COOKIE,
            signed_in.token.reveal(),
            max_age=settings.member_session_hours * 3600,
            httponly=True,
            samesite="strict",
            secure=settings.secure_cookies,
        )
        return response

    @routes.get("", response_model=MemberAtHome)
    async def home(caller: SignedInMember, request: Request) -> Response:
        """Who signed in, about whom they may be told, and until when."""
        return answer(await sign_in.home(request.cookies[MEMBER_COOKIE]))

    @routes.delete("", status_code=204)
    async def sign_out(request: Request) -> Response:
        """End the session. Without one, nothing happens."""
        await sign_in.sign_out(request.cookies.get(MEMBER_COOKIE, ""))
        response = Response(status_code=204)
        response.delete_cookie(MEMBER_COOKIE, httponly=True, samesite="strict", secure=settings.secure_cookies)
        return response

    return routes


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


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
