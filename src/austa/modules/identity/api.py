"""The door of `identity`: operators, their staff, sign-in, one-time codes and access links.

Secrets (tokens, codes, passwords) travel as `Personal`, so that they print as a mask, and never in an event.
"""

from datetime import datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from austa.kernel.actors import Caller, Role
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import MemberId, OperatorId, PrincipalId, ProviderId, SubjectId
from austa.kernel.personal import Personal

CouncilName = Literal["CRM", "COREN", "CRO", "CREFITO", "CRP", "CRN", "CRF", "CRFA"]
SessionKind = Literal["web", "api"]
CodePurpose = Literal["link_channel", "confirm_member"]
"""`link_channel`: a WhatsApp sender or web visitor shows that they are that member."""

AnsRegistry = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
"""Registry of an operator at ANS; leading zeros count (TISS XSD)."""


class Operator(Contract):
    """A tenant: one health-plan operator. `time_zone` is an IANA name."""

    id: OperatorId
    ans_registry: AnsRegistry
    name: str
    time_zone: str


class CouncilRegistration(Contract):
    """A professional's registration; the same number exists in several states, so all three parts identify."""

    council: CouncilName
    uf: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    number: Personal


class Principal(Contract):
    """A person who signs in: staff, or the clerk of a provider, who alone has `provider_id`.

    `active` is False before the invitation is accepted and after leaving.
    """

    id: PrincipalId
    name: Personal
    email: Personal
    roles: frozenset[Role]
    council: CouncilRegistration | None
    active: bool
    provider_id: ProviderId | None = None


class NewStaff(Contract):
    """Whom to invite. Physicians' and nurses' roles need a `council` (CRM, COREN).

    `provider_clerk` stands alone, and needs the provider, of which the caller knows that it exists.
    """

    email: Personal
    name: Personal
    roles: frozenset[Role]
    council: CouncilRegistration | None = None
    provider_id: ProviderId | None = None


class StartedInvitation(Contract):
    """An open invitation. The token is single-use, seven days, and can be asked for again until it is used."""

    id: UUID
    principal: Principal
    token: Personal
    expires_at: datetime


class Session(Contract):
    """Who is signed in, where, and until when."""

    principal: Principal
    operator: Operator
    expires_at: datetime


class SignIn(Contract):
    """A fresh session and its secrets. A web session has no refresh token."""

    session: Session
    access_token: Personal
    refresh_token: Personal | None


class MemberSession(Contract):
    """A member who signed in, and until when."""

    id: UUID
    operator_id: OperatorId
    member_id: MemberId
    expires_at: datetime


class StartedMemberSession(Contract):
    """A fresh session of a member and its secret, for their cookie alone."""

    session: MemberSession
    token: Personal


class StartedCode(Contract):
    """A six-digit code for its recipient's eyes only, to be delivered on a channel the member registered."""

    id: UUID
    code: Personal
    expires_at: datetime


class AccessLink(Contract):
    """A link for one member to one thing. The token goes into the address that the member gets."""

    id: UUID
    token: Personal
    expires_at: datetime


class LinkTarget(Contract):
    """What a link leads to. Show nothing before a second factor (such as the birth date) was checked."""

    link_id: UUID
    operator_id: OperatorId
    member_id: MemberId
    purpose: str
    resource_id: UUID
    expires_at: datetime


class Identity(Protocol):
    """Who is who. Answers only within the caller's operator, but for what comes before a tenant is known."""

    async def create_operator(self, ans_registry: str, name: str, time_zone: str = "America/Sao_Paulo") -> Operator:
        """A new tenant. Raises `Conflict` `identity.registry_taken`, `Invalid` `identity.operator_wrong`."""
        ...

    async def ensure_operator(self, ans_registry: str, name: str, time_zone: str = "America/Sao_Paulo") -> Operator:
        """The operator with that registry, created when new. Idempotent; an existing one is returned as it is."""
        ...

    async def find_operator(self, ans_registry: str) -> OperatorId | None:
        """The operator with that registry at ANS."""
        ...

    async def operator_ids(self) -> tuple[OperatorId, ...]:
        """All operators of this installation, for start-up and periodic work."""
        ...

    async def get_operator(self, caller: Caller) -> Operator:
        """The caller's operator. Raises `NotFound` `identity.no_such_operator`."""
        ...

    async def invite(self, caller: Caller, staff: NewStaff) -> StartedInvitation:
        """Invite a person (`staff:invite`, or the system for the first administrator); a mail follows by event.

        Inviting again somebody who has not accepted, or who had left, renews the invitation. Raises `Conflict`
        `identity.email_taken`, `Invalid` `identity.council_missing`, `identity.email_wrong`,
        `identity.roles_missing`, `identity.provider_wrong`.
        """
        ...

    async def get_invitation(self, caller: Caller, invitation_id: UUID) -> StartedInvitation:
        """The open invitation with its token, for whoever mails it; system callers only.

        Raises `NotFound` `identity.no_such_invitation` when it is unknown, used or expired.
        """
        ...

    async def accept_invitation(self, token: Personal, password: Personal) -> Principal:
        """Set the password and become active. Raises `NotFound` `identity.no_such_invitation` (unknown, used or
        expired) and `Invalid` `identity.password_short`, `identity.password_simple`."""
        ...

    async def ensure_staff(self, caller: Caller, staff: NewStaff, password: Personal) -> Principal:
        """An active staff person with that e-mail, for demo data; system callers only. Idempotent: the id is
        derived from operator and e-mail, and an existing person is returned unchanged."""
        ...

    async def deactivate(self, caller: Caller, principal_id: PrincipalId) -> None:
        """End a person's access (`staff:invite`) and all their sessions. Idempotent.

        Raises `Conflict` `identity.own_account`, `NotFound` `identity.no_such_staff`.
        """
        ...

    async def get_staff(self, caller: Caller, principal_id: PrincipalId) -> Principal:
        """One staff person. Raises `NotFound` `identity.no_such_staff`."""
        ...

    async def get_staff_many(self, caller: Caller, principal_ids: frozenset[PrincipalId]) -> tuple[Principal, ...]:
        """Those of the persons that exist, in no order."""
        ...

    async def staff_of_roles(self, caller: Caller, roles: frozenset[Role]) -> tuple[Principal, ...]:
        """The active staff who have one of these roles, in the order they were invited; staff and system callers."""
        ...

    async def list_staff(
        self, caller: Caller, *, provider_id: ProviderId | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[Principal]:
        """Who may sign in, in the order they were invited (`staff:list`); of one provider, where it is named."""
        ...

    async def sign_in(self, email: Personal, password: Personal, kind: SessionKind) -> SignIn:
        """Start a session. Raises `Unauthenticated` `identity.sign_in_refused` (never says which part was wrong)
        and `TooMany` `identity.sign_in_paused` with `retry_after_s` after too many wrong passwords."""
        ...

    async def refresh(self, refresh_token: Personal) -> SignIn:
        """New tokens for old; the old ones end. Raises `Unauthenticated` `identity.token_unknown`,
        `identity.token_expired`, or `identity.refresh_reused`, which revokes the whole session."""
        ...

    async def sign_out(self, credential: Personal) -> None:
        """End the session of that access or refresh token. Idempotent; unknown tokens are ignored."""
        ...

    async def authenticate(self, credential: str) -> Caller:
        """The caller behind an access token (`infra.http.Authenticator`). Raises `Unauthenticated`
        `identity.token_unknown` (also after sign-out) or `identity.token_expired`."""
        ...

    async def current_session(self, credential: str) -> Session:
        """Who is signed in with that access token. Raises like `authenticate`."""
        ...

    async def start_code(self, caller: Caller, key: str, subject: SubjectId, purpose: CodePurpose) -> StartedCode:
        """A six-digit code for that subject, ten minutes, five tries; a new one ends the ones before.

        The same `key` gets the same code again while it lives. Raises `TooMany` `identity.too_many_codes`.
        """
        ...

    async def check_code(self, caller: Caller, key: str, code_id: UUID, code: Personal) -> bool:
        """Whether the code is right; True ends it. The same `key` gets the same answer and costs no second try.

        Raises `NotFound` `identity.no_such_code`, `Conflict` `identity.code_expired` (also: a newer one was
        started) or `identity.code_used`, `TooMany` `identity.code_tries_used_up`.
        """
        ...

    async def create_link(
        self, caller: Caller, member_id: MemberId, purpose: str, resource_id: UUID, expires_at: datetime
    ) -> AccessLink:
        """A link for that member to that resource; system and staff callers only. Idempotent: a living link of the
        same member, purpose and resource is prolonged and keeps its token; an expired or locked one is replaced."""
        ...

    async def open_link(self, token: Personal) -> LinkTarget:
        """Where a link leads; each call costs one of five tries. Raises `NotFound` `identity.no_such_link` (unknown
        or expired), `TooMany` `identity.link_locked`. Call `confirm_link` when the second factor was right."""
        ...

    async def confirm_link(self, caller: Caller, link_id: UUID) -> None:
        """The second factor was right: the link has its five tries again. Idempotent."""
        ...


class MemberSessions(Protocol):
    """Sessions of members. Who a member is was verified by `members`; a session of staff is none here, nor one of
    these there."""

    async def start(self, caller: Caller, member_id: MemberId) -> StartedMemberSession:
        """Begin a session of the verified person; system callers only. It cannot be prolonged."""
        ...

    async def find(self, credential: str, *, fresh: bool = False) -> MemberSession:
        """The living session of that token; what a process read up to five seconds ago counts, unless `fresh`.

        Raises `Unauthenticated` `identity.token_unknown` (also after its end) or `identity.token_expired`.
        """
        ...

    async def authenticate_member(self, credential: str) -> Caller:
        """The member behind a token (`infra.http.MemberAuthenticator`). Raises like `find`."""
        ...

    async def end(self, credential: Personal) -> None:
        """End the session; who waits under `session_waits` is woken. Idempotent; unknown tokens are ignored."""
        ...


def session_waits(session_id: UUID) -> str:
    """Under this name the end of a member's session is told."""
    return f"identity.session.{session_id}"
