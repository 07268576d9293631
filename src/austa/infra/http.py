"""The HTTP edge that all modules share: who calls, problem+json, answers, idempotency, limits.

Errors are RFC 9457 problem documents with our stable `code`. Personal data leaves in clear only through
`answer`. A POST that creates requires `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the same
key and body within 24 hours gets the first answer again, another body 422, one still in flight 409.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol
from uuid import UUID

import sqlalchemy as sa
import structlog
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from austa.infra import telemetry
from austa.infra.db import Database, Transaction, is_away
from austa.infra.in_step import InStep
from austa.infra.keys import KeyOwner, Keys
from austa.infra.writing import driver_of
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.contracts import Contract
from austa.kernel.errors import AustaError, Conflict, Invalid, Unauthenticated
from austa.kernel.ids import SubjectId
from austa.kernel.personal import REVEAL

SESSION_COOKIE = "austa_session"
MEMBER_COOKIE = "austa_member"
CLIENT_HEADER = "x-austa-client"
KEY_LIFE = timedelta(hours=24)
IN_FLIGHT = timedelta(minutes=2)
CLEAN_EVERY = timedelta(minutes=1)
SHOWS_LIFE_WITHIN = timedelta(seconds=5)
"""A living process that lost its connection shows its life again within this."""

STATUS = {
    "not_found": 404,
    "conflict": 409,
    "invalid": 422,
    "forbidden": 403,
    "unauthenticated": 401,
    "too_many": 429,
    "unavailable": 503,
    "unexpected": 500,
}
STATUS_BY_CODE = {"http.malformed_json": 400, "http.too_large": 413, "documents.too_large": 413}

TITLES = {
    400: "Pedido malformado",
    401: "Entre de novo",
    403: "Você não tem permissão para isso",
    404: "Não encontrado",
    405: "Método não aceito",
    409: "Isto mudou enquanto você trabalhava",
    413: "Arquivo grande demais",
    422: "Há um dado que não está certo",
    429: "Muitas tentativas",
    500: "Erro nosso",
    503: "Indisponível agora",
}

log = structlog.get_logger()


class Authenticator(Protocol):
    """What `identity` gives the edge: a credential becomes a caller."""

    async def authenticate(self, credential: str) -> Caller:
        """Raises `Unauthenticated` when it is wrong, expired or revoked."""
        ...


class MemberAuthenticator(Protocol):
    """The same for members, whose sessions open nothing of the staff's."""

    async def authenticate_member(self, credential: str) -> Caller:
        """Raises `Unauthenticated` when it is wrong, expired or ended."""
        ...


async def current_caller(request: Request) -> Caller:
    """The signed-in caller: a bearer token of the API, or the session cookie of the web app.

    A cookie is sent by the browser unasked, so unsafe methods must also carry the header `X-Austa-Client`,
    which a foreign page cannot send without our consent (CORS).
    """
    authenticator: Authenticator = request.app.state.authenticator
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return await authenticator.authenticate(token.strip())
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie is None:
        raise Unauthenticated("http.not_signed_in", "no bearer token and no session cookie")
    await from_our_page(request)
    return await authenticator.authenticate(cookie)


SignedIn = Annotated[Caller, Depends(current_caller)]
"""A route parameter: the caller, or 401."""


async def current_member(request: Request) -> Caller:
    """The member who signed in: their cookie, and no other credential."""
    cookie = request.cookies.get(MEMBER_COOKIE)
    if cookie is None:
        raise Unauthenticated("http.not_signed_in", "no session cookie of a member")
    await from_our_page(request)
    authenticator: MemberAuthenticator = request.app.state.member_authenticator
    return await authenticator.authenticate_member(cookie)


async def from_our_page(request: Request) -> None:
    """Unsafe methods carry the header `X-Austa-Client`, which another site's page cannot send."""
    if request.method not in {"GET", "HEAD"} and CLIENT_HEADER not in request.headers:
        raise Unauthenticated("http.client_header", "unsafe methods with a session need the header X-Austa-Client")


SignedInMember = Annotated[Caller, Depends(current_member)]
"""A route parameter: the member who signed in, or 401."""

IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=128)]
"""A route parameter of every POST that creates."""


def answer(value: BaseModel | dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The only way personal data leaves in clear: the JSON answer to a caller who passed the access check."""
    body = to_json(value, context=REVEAL)
    return Response(body, status, {"cache-control": "no-store", **(headers or {})}, "application/json")


def from_json(contract: type[Contract]) -> BeforeValidator:
    """For a route's body: `Annotated[Asked, from_json(Asked)]`.

    Contracts are strict, and JSON has no UUIDs, dates or tuples: the body is read as the JSON text that it was.
    """

    def read(value: Any) -> Contract:
        try:
            return contract.model_validate_json(to_json(value))
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_input=False, include_url=False)) from None

    return BeforeValidator(read)


class Idempotency:
    """Remembers the answers of creating POSTs for 24 hours, sealed."""

    def __init__(self, database: Database, keys: Keys, clock: Clock) -> None:
        self._database = database
        self._of_edge = database.for_module("http")
        self._keys = keys
        self._clock = clock
        self._starting, self._finishing = InStep(), InStep()
        self._at_work: set[tuple[Any, ...]] = set()
        self._clean_at = clock.now()

    async def once(
        self, caller: Caller, key: str, request: Request, body: Any, create: Callable[[], Awaitable[Response]]
    ) -> Response:
        """Run `create` for this key once, or give its first answer again.

        `body` is what the fingerprint is made of (JSON values or bytes). Raises `Invalid` for the same key
        with another body, `Conflict` while the first is in flight. A failed `create` frees the key.
        """
        row = {
            "operator": caller.operator_id,
            "principal": caller.actor,
            "key": key,
            "fingerprint": _fingerprint(request, body),
        }
        place = (caller.operator_id, caller.actor, key)
        alone = place not in self._at_work
        self._at_work.add(place)
        try:
            kept = await self._starting.run(caller.operator_id, place, lambda: self._start(caller, row, alone=alone))
            return kept or await self._create(caller, row, create)
        finally:
            if alone:
                self._at_work.discard(place)

    async def _create(self, caller: Caller, row: dict[str, Any], create: Callable[[], Awaitable[Response]]) -> Response:
        try:
            response = await create()
        except BaseException:
            await self._forget(caller, row)
            raise
        place = (caller.operator_id, caller.actor, row["key"])
        await self._finishing.run(caller.operator_id, place, lambda: self._finish(caller, row, response))
        return response

    async def _start(self, caller: Caller, row: dict[str, Any], *, alone: bool) -> Response | None:
        """The kept answer, or None when the work is ours to do. `alone`: nobody in this process is at it."""
        now = self._clock.now()
        begun = (row["principal"], row["key"], row["fingerprint"], now, self._database.life)
        # Without what is created under it this row is worth nothing, and that commit brings it to the disk.
        async with self._of_edge.transaction(caller, waits=False) as tx:
            if now >= self._clean_at:
                self._clean_at = now + CLEAN_EVERY
                await tx.execute(_EXPIRE, _ages(now, self._database.life))
            if await tx.together("start", begun, _start):
                return None
            # Somebody used the key. What is too old, or was begun by who is gone, holds nobody up.
            await tx.execute(_EXPIRE, _ages(now, self._database.life))
            if alone:
                # Ours, and yet not at work: the database went away before it could be finished or forgotten.
                await tx.execute(_ABANDONED, {**row, "holder": self._database.life})
            if await tx.together("start", begun, _start):
                return None
            found = await tx.one_or_none(_KEPT, row)
        if found is None:
            # The first request failed and freed the key between our two statements.
            raise Conflict("http.in_flight", "the first request with this Idempotency-Key failed just now; send again")
        if found.fingerprint != row["fingerprint"]:
            raise Invalid("http.idempotency_mismatch", "this Idempotency-Key was used with another body")
        if found.status is None:
            raise Conflict("http.in_flight", "the first request with this Idempotency-Key is still in work")
        body = await self._keys.open(caller.operator_id, _owner(caller), _place(row), found.body)
        return Response(body, found.status, {"idempotency-replayed": "true"}, "application/json")

    async def _finish(self, caller: Caller, row: dict[str, Any], response: Response) -> None:
        sealed = await self._keys.seal(caller.operator_id, _owner(caller), _place(row), bytes(response.body))
        async with self._of_edge.transaction(caller) as tx:
            await tx.together("finish", (row["principal"], row["key"], response.status_code, sealed), _finish)

    async def _forget(self, caller: Caller, row: dict[str, Any]) -> None:
        async with self._of_edge.transaction(caller) as tx:
            await tx.execute(_FORGET, row)


async def _start(tx: Transaction, many: Sequence[tuple[Any, ...]]) -> Sequence[bool]:
    """Which of these keys were free, and are ours now."""
    begun = await driver_of(tx.connection).fetch(_START, tx.operator_id, *map(list, zip(*many, strict=True)))
    ours = {(row["principal"], row["key"]) for row in begun}
    return [(principal, key) in ours for principal, key, *_ in many]


async def _finish(tx: Transaction, many: Sequence[tuple[Any, ...]]) -> Sequence[None]:
    await driver_of(tx.connection).execute(_FINISH, *map(list, zip(*many, strict=True)))
    return [None] * len(many)


def _ages(now: datetime, ours: int | None) -> dict[str, Any]:
    return {
        "before": now - KEY_LIFE,
        "stuck": now - IN_FLIGHT,
        "silent": now - SHOWS_LIFE_WITHIN,
        "ours": ours,
    }


def handle_errors(app: FastAPI) -> None:
    """Translate every failure to problem+json; what we did not expect says nothing about its inside."""

    @app.exception_handler(AustaError)
    async def known(request: Request, error: AustaError) -> Response:
        return refusal(error)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        wrong = wrong_fields(error.errors())
        if any(e["type"] == "json_invalid" for e in error.errors()):
            return problem(400, "http.malformed_json", "the body is not valid JSON")
        return problem(422, "http.invalid_fields", "some fields are missing or wrong", errors=wrong)

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, f"http.{error.status_code}", str(error.detail))

    app.add_middleware(AnswerUnexpected)


def refusal(error: AustaError) -> Response:
    """What is answered where a use case refused."""
    status = status_of(error)
    headers = {"retry-after": str(error.details["retry_after_s"])} if "retry_after_s" in error.details else {}
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="austa"'
    if status >= 500:
        log.error("http.failed", code=error.code, where=telemetry.where(error))
    return problem(status, error.code, error.message, headers, details=dict(error.details))


def status_of(error: AustaError) -> int:
    """The HTTP status of an error of ours."""
    return STATUS_BY_CODE.get(error.code, STATUS[error.kind])


def wrong_fields(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What pydantic found wrong, by field; no value is repeated."""
    return [{"field": _field(each["loc"]), "problem": str(each["msg"])} for each in errors]


def problem(status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """An RFC 9457 problem document."""
    title = TITLES.get(status, "Erro")
    body = {
        "type": f"urn:austa:error:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }
    return Response(
        json.dumps(body, ensure_ascii=False, default=str).encode(),
        status,
        {"cache-control": "no-store", **(headers or {})},
        "application/problem+json",
    )


class AnswerUnexpected:
    """The innermost middleware: a fault of ours becomes a 500 here, under the headers and metrics of any answer.

    A handler for `Exception` would answer too, but Starlette then raises on to the server, which logs the message.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            away = is_away(error)
            code = "http.database_away" if away else "http.unexpected"
            log.error(code, route=getattr(scope.get("route"), "path", "other"), where=telemetry.where(error))
            if started:
                raise
            answered = (
                problem(503, code, "the database does not answer; try again soon", {"retry-after": "2"})
                if away
                else problem(500, code, "an unexpected error; it was recorded")
            )
            await answered(scope, receive, send)


def _field(place: Sequence[str | int]) -> str:
    """The field as the caller wrote it: `items.0.tuss`, not `body.items.0.tuss`."""
    return ".".join(str(part) for part in place if part != "body")


def _fingerprint(request: Request, body: Any) -> bytes:
    raw = body if isinstance(body, bytes) else to_json(body, context=REVEAL)
    return hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + raw).digest()


def _owner(caller: Caller) -> KeyOwner:
    return KeyOwner(SubjectId(UUID(int=caller.operator_id.int)), "transient")


def _place(row: dict[str, Any]) -> str:
    return f"http.idempotency.body:{row['principal']}:{row['key']}"


# In flight is what a living process works on; where it does not show its life, a time must do.
_EXPIRE = sa.text(
    "delete from http.idempotency where started_at < :before"
    " or (status is null and started_at < :stuck)"
    " or (status is null and started_at < :silent and holder is distinct from :ours and holder is not null"
    " and holder not in (select outbox.living_processes()))"
).bindparams(sa.bindparam("ours", type_=sa.Integer))
_START = """
insert into http.idempotency (operator_id, principal, key, fingerprint, started_at, holder)
select $1::uuid, * from unnest($2::text[], $3::text[], $4::bytea[], $5::timestamptz[], $6::integer[])
    on conflict do nothing
returning principal, key
"""
_KEPT = sa.text("select fingerprint, status, body from http.idempotency where principal = :principal and key = :key")
_FINISH = """
update http.idempotency i set status = done.status, body = done.body
  from unnest($1::text[], $2::text[], $3::integer[], $4::bytea[]) as done (principal, key, status, body)
 where i.principal = done.principal and i.key = done.key and i.status is null
"""
_ABANDONED = sa.text(
    "delete from http.idempotency where principal = :principal and key = :key and status is null and holder = :holder"
)
_FORGET = sa.text("delete from http.idempotency where principal = :principal and key = :key and status is null")
