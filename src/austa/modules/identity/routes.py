"""HTTP edge of `identity`: sign-in for the web (cookie) and the API (tokens), and staff."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from austa.infra.access import Access
from austa.infra.http import SESSION_COOKIE, IdempotencyKey, SignedIn, answer
from austa.infra.platform import Platform
from austa.kernel.actors import Role
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import OperatorId, PrincipalId, ProviderId
from austa.kernel.personal import Personal
from austa.modules.identity.api import (
    CouncilName,
    CouncilRegistration,
    Identity,
    NewStaff,
    Operator,
    Principal,
    Session,
    SessionKind,
    SignIn,
)
from austa.modules.identity.service.callers import person


class Body(BaseModel):
    """What a client sends: unknown fields are refused, JSON types are read as what they stand for."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LoginBody(Body):
    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=1024)]
    kind: SessionKind = "api"


class RefreshBody(Body):
    refresh_token: Annotated[str, Field(max_length=200)]


class CouncilBody(Body):
    council: CouncilName
    uf: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    number: Annotated[str, Field(pattern=r"^[0-9]{1,15}$")]


class InvitationBody(Body):
    email: Annotated[str, Field(max_length=254)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    roles: frozenset[Role]
    council: CouncilBody | None = None


class AcceptBody(Body):
    token: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=1024)]


class SignedInPrincipal(Contract):
    """The person as their own screen shows them."""

    id: PrincipalId
    name: Personal
    email: Personal
    roles: frozenset[Role]
    council: CouncilRegistration | None
    provider_id: ProviderId | None
    """For whom a clerk acts; None for staff."""


class SignedInOperator(Contract):
    """The operator they work for."""

    id: OperatorId
    name: str


class SessionAnswer(Contract):
    """Who is signed in and until when."""

    principal: SignedInPrincipal
    operator: SignedInOperator
    expires_at: datetime
    may: tuple[str, ...]
    """Actions of the policy (docs/reference/access.md) that this person may do at all: screens lead nowhere else, and
    each act is checked again when it comes."""


class SignInAnswer(SessionAnswer):
    """The same with the tokens of an API session; a web session has its token in the cookie alone."""

    access_token: Personal | None = None
    refresh_token: Personal | None = None


def router(identity: Identity, platform: Platform) -> APIRouter:
    """Sign-in under /api/v1/auth, staff under /api/v1/staff."""
    routes = APIRouter(prefix="/api/v1")

    @routes.post("/auth/login", response_model=SignInAnswer, tags=["auth"])
    async def login(body: LoginBody) -> Response:
        """Sign in. `web` sets the session cookie; `api` answers with an access and a refresh token.

        401 `identity.sign_in_refused`; 429 `identity.sign_in_paused` with Retry-After.
        """
        signed_in = await identity.sign_in(Personal(body.email), Personal(body.password), body.kind)
        if body.kind == "api":
            return answer(_with_tokens(platform.access, signed_in))
        response = answer(_session(platform.access, signed_in.session))
        response.set_cookie(
            SESSION_COOKIE,
            signed_in.access_token.reveal(),
            max_age=platform.settings.session_hours * 3600,
            httponly=True,
            samesite="lax",
            secure=platform.settings.secure_cookies,
        )
        return response

    @routes.post("/auth/refresh", response_model=SignInAnswer, tags=["auth"])
    async def refresh(body: RefreshBody) -> Response:
        """New tokens for a refresh token, which ends. One that comes back revokes the session (RFC 9700)."""
        return answer(_with_tokens(platform.access, await identity.refresh(Personal(body.refresh_token))))

    @routes.post("/auth/logout", status_code=204, tags=["auth"])
    async def logout(caller: SignedIn, request: Request) -> Response:
        """End the session of the token or cookie that this request carries."""
        await identity.sign_out(Personal(_credential(request)))
        response = Response(status_code=204)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=platform.settings.secure_cookies)
        return response

    @routes.get("/auth/me", response_model=SessionAnswer, tags=["auth"])
    async def me(caller: SignedIn, request: Request) -> Response:
        """Who is signed in."""
        return answer(_session(platform.access, await identity.current_session(_credential(request))))

    @routes.post("/auth/invitations/accept", response_model=Principal, tags=["auth"])
    async def accept(body: AcceptBody) -> Response:
        """Set a password with the token of an invitation; then sign in."""
        return answer(await identity.accept_invitation(Personal(body.token), Personal(body.password)))

    @routes.get("/staff", response_model=Page[Principal], tags=["staff"])
    async def staff(
        caller: SignedIn,
        provider_id: ProviderId | None = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response:
        """Who may sign in, for administrators; the clerks of one provider, where it is named."""
        return answer(await identity.list_staff(caller, provider_id=provider_id, cursor=cursor, limit=limit))

    @routes.post("/staff/invitations", response_model=Principal, status_code=201, tags=["staff"])
    async def invite(caller: SignedIn, body: InvitationBody, key: IdempotencyKey, request: Request) -> Response:
        """Invite a person; the link goes to their mailbox only, never into this answer."""

        async def create() -> Response:
            return answer((await identity.invite(caller, _new_staff(body))).principal, 201)

        return await platform.idempotency.once(caller, key, request, body.model_dump(mode="json"), create)

    @routes.post("/staff/{principal_id}/deactivate", status_code=204, tags=["staff"])
    async def deactivate(caller: SignedIn, principal_id: PrincipalId) -> Response:
        """End a person's access and sessions."""
        await identity.deactivate(caller, principal_id)
        return Response(status_code=204)

    return routes


def _credential(request: Request) -> str:
    """What `SignedIn` accepted: the bearer token, else the cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else request.cookies[SESSION_COOKIE]


def _new_staff(body: InvitationBody) -> NewStaff:
    return NewStaff.model_validate(body.model_dump())


def _session(access: Access, session: Session) -> SessionAnswer:
    who = session.principal
    return SessionAnswer(
        principal=_principal(who),
        operator=_operator(session.operator),
        expires_at=session.expires_at,
        may=access.granted(person(session.operator.id, who.id, who.roles, who.provider_id)),
    )


def _with_tokens(access: Access, signed_in: SignIn) -> SignInAnswer:
    return SignInAnswer(
        **dict(_session(access, signed_in.session)),
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
    )


def _principal(principal: Principal) -> SignedInPrincipal:
    return SignedInPrincipal(
        id=principal.id,
        name=principal.name,
        email=principal.email,
        roles=principal.roles,
        council=principal.council,
        provider_id=principal.provider_id,
    )


def _operator(operator: Operator) -> SignedInOperator:
    return SignedInOperator(id=operator.id, name=operator.name)
