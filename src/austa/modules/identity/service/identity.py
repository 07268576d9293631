"""The use cases of `identity`."""

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from austa.infra import telemetry
from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.keys import Keys
from austa.infra.pages import LARGEST_PAGE, decode_time_and_id, encode_cursor
from austa.infra.settings import Settings
from austa.kernel.actors import Caller, Role
from austa.kernel.clock import Clock
from austa.kernel.contracts import Page
from austa.kernel.errors import Conflict, NotFound, TooMany, Unauthenticated
from austa.kernel.ids import MemberId, OperatorId, PrincipalId, ProviderId, SubjectId, derived_id, new_id
from austa.kernel.personal import Personal
from austa.modules.identity import domain
from austa.modules.identity.adapters.passwords import Passwords
from austa.modules.identity.api import (
    AccessLink,
    CodePurpose,
    LinkTarget,
    NewStaff,
    Operator,
    Principal,
    Session,
    SessionKind,
    SignIn,
    StartedCode,
    StartedInvitation,
)
from austa.modules.identity.events import (
    OperatorCreated,
    RefreshReused,
    StaffDeactivated,
    StaffInvited,
    StaffJoined,
)
from austa.modules.identity.service.callers import person, staff_only, system_only
from austa.modules.identity.service.sealed_staff import SealedStaff
from austa.modules.identity.service.secret_texts import ComputedSecrets, hash_token, new_token
from austa.modules.identity.store import codes, links, lookups, sessions
from austa.modules.identity.store import staff as people
from austa.modules.identity.store.sessions import StoredSession
from austa.modules.identity.store.staff import StoredPrincipal

NOBODY = OperatorId(UUID(int=0))
"""Whoever is not known yet: no row bears this operator."""

CALLER_CACHE = timedelta(seconds=5)
CALLER_CACHE_SIZE = 10_000
FINDABLE_AFTER_EXPIRY = timedelta(days=1)
"""So long an expired token is answered `token_expired`; after that nobody knows it any more."""


class IdentityService:
    """Implements `identity.api.Identity`."""

    def __init__(
        self,
        database: ModuleDatabase,
        keys: Keys,
        access: Access,
        clock: Clock,
        settings: Settings,
        passwords: Passwords,
    ) -> None:
        self._db = database
        self._keys = keys
        self._access = access
        self._clock = clock
        self._settings = settings
        self._passwords = passwords
        self._people = SealedStaff(keys)
        self._secrets = ComputedSecrets(keys)
        self._callers: dict[bytes, tuple[Caller, datetime]] = {}
        self._operators: dict[OperatorId, Operator] = {}

    # Operators

    async def create_operator(self, ans_registry: str, name: str, time_zone: str = "America/Sao_Paulo") -> Operator:
        domain.check_operator(ans_registry, name, time_zone)
        operator_id = OperatorId(derived_id("identity.operator", ans_registry))
        new = Operator(id=operator_id, ans_registry=ans_registry, name=name.strip(), time_zone=time_zone)
        async with self._db.transaction(Caller.system(operator_id, "identity")) as tx:
            if not await people.add_operator(tx, new):
                raise Conflict("identity.registry_taken", "an operator with this ANS registry exists")
            await tx.publish(OperatorCreated(operator_id=operator_id))
        return new

    async def ensure_operator(self, ans_registry: str, name: str, time_zone: str = "America/Sao_Paulo") -> Operator:
        found = await self.find_operator(ans_registry)
        if found is None:
            return await self.create_operator(ans_registry, name, time_zone)
        return await self.get_operator(Caller.system(found, "identity"))

    async def find_operator(self, ans_registry: str) -> OperatorId | None:
        async with self._db.lookup() as connection:
            return await lookups.find_operator_id(connection, ans_registry)

    async def operator_ids(self) -> tuple[OperatorId, ...]:
        async with self._db.lookup() as connection:
            return await lookups.load_operator_ids(connection)

    async def get_operator(self, caller: Caller) -> Operator:
        found = self._operators.get(caller.operator_id)
        if found is None:
            async with self._db.transaction(caller) as tx:
                found = await people.find_operator(tx)
            if found is None:
                raise NotFound("identity.no_such_operator", "this operator does not exist")
            # Written once and never changed: what was read stays true.
            self._operators[caller.operator_id] = found
        return found

    # Staff

    async def invite(self, caller: Caller, staff: NewStaff) -> StartedInvitation:
        self._check_may_invite(caller)
        domain.check_staff(staff)
        index = self._email_index(staff.email)
        account = await self._find_account(index)
        if account is None:
            invited = await self._people.seal(caller.operator_id, PrincipalId(new_id()), staff, self._clock.now())
        elif account[0] == caller.operator_id:
            kept = await self._get_stored(caller, account[1])
            if kept.active:
                raise Conflict("identity.email_taken", "this person has an account")
            invited = await self._people.seal(caller.operator_id, kept.id, staff, kept.created_at)
        else:
            raise Conflict("identity.email_taken", "this address belongs to an account")
        invitation_id = new_id()
        expires_at = self._clock.now() + domain.INVITATION_LIFE
        token = self._secrets.invitation_token(caller.operator_id, invitation_id)
        async with self._db.transaction(caller) as tx:
            if account is not None:
                await people.save_principal(tx, invited)
            elif not await people.add_principal(tx, invited, index):
                raise Conflict("identity.email_taken", "this person was invited just now")
            await people.end_invitations(tx, invited.id, tx.now())
            await people.add_invitation(tx, invitation_id, invited.id, expires_at)
            await lookups.add_token(tx, hash_token(token), "invitation", invitation_id, expires_at)
            await tx.publish(StaffInvited(principal_id=invited.id, invitation_id=invitation_id))
        principal = await self._people.open(caller.operator_id, invited)
        return StartedInvitation(id=invitation_id, principal=principal, token=token, expires_at=expires_at)

    async def get_invitation(self, caller: Caller, invitation_id: UUID) -> StartedInvitation:
        system_only(caller)
        async with self._db.transaction(caller) as tx:
            found = await people.find_invitation(tx, invitation_id, tx.now())
            stored = await people.find_principal(tx, found.principal_id) if found else None
        if found is None or stored is None:
            raise _no_such_invitation()
        return StartedInvitation(
            id=found.id,
            principal=await self._people.open(caller.operator_id, stored),
            token=self._secrets.invitation_token(caller.operator_id, found.id),
            expires_at=found.expires_at,
        )

    async def accept_invitation(self, token: Personal, password: Personal) -> Principal:
        async with self._db.lookup() as connection:
            reference = await lookups.find_token(connection, hash_token(token), "invitation")
        if reference is None:
            raise _no_such_invitation()
        caller = Caller.system(reference.operator_id, "identity")
        invited = (await self.get_invitation(caller, reference.reference)).principal
        name, address = invited.name.reveal(), invited.email.reveal().partition("@")[0]
        domain.check_password(password.reveal(), [*name.split(), address])
        sealed = await self._hashed(caller.operator_id, invited.id, password)
        joined = person(caller.operator_id, invited.id, invited.roles, invited.provider_id)
        async with self._db.transaction(joined) as tx:
            if await people.find_invitation(tx, reference.reference, tx.now()) is None:
                raise _no_such_invitation()
            stored = await people.find_principal(tx, invited.id, lock=True)
            assert stored is not None
            await people.save_principal(tx, replace(stored, password=sealed, active=True))
            await people.end_invitations(tx, invited.id, tx.now())
            await tx.publish(StaffJoined(principal_id=invited.id))
        return invited.model_copy(update={"active": True})

    async def ensure_staff(self, caller: Caller, staff: NewStaff, password: Personal) -> Principal:
        system_only(caller)
        domain.check_staff(staff)
        index = self._email_index(staff.email)
        account = await self._find_account(index)
        if account is None:
            principal_id = PrincipalId(derived_id("identity.principal", caller.operator_id, index.hex()))
            new = replace(
                await self._people.seal(caller.operator_id, principal_id, staff, self._clock.now()),
                password=await self._hashed(caller.operator_id, principal_id, password),
                active=True,
            )
            async with self._db.transaction(caller) as tx:
                if await people.add_principal(tx, new, index):
                    await tx.publish(StaffJoined(principal_id=principal_id))
            account = (caller.operator_id, principal_id)
        if account[0] != caller.operator_id:
            raise Conflict("identity.email_taken", "this address belongs to an account")
        return await self.get_staff(caller, account[1])

    async def deactivate(self, caller: Caller, principal_id: PrincipalId) -> None:
        self._check_may_invite(caller)
        if caller.at_work and caller.principal_id == principal_id:
            raise Conflict("identity.own_account", "nobody ends their own access")
        async with self._db.transaction(caller) as tx:
            stored = await people.find_principal(tx, principal_id, lock=True)
            if stored is None:
                raise NotFound("identity.no_such_staff", "this staff person does not exist")
            await people.end_invitations(tx, principal_id, tx.now())
            if stored.active:
                await people.save_principal(tx, replace(stored, active=False))
                await sessions.revoke_sessions_of(tx, principal_id, tx.now())
                await tx.publish(StaffDeactivated(principal_id=principal_id))
        self._callers.clear()

    async def get_staff(self, caller: Caller, principal_id: PrincipalId) -> Principal:
        staff_only(caller)
        return await self._people.open(caller.operator_id, await self._get_stored(caller, principal_id))

    async def get_staff_many(self, caller: Caller, principal_ids: frozenset[PrincipalId]) -> tuple[Principal, ...]:
        staff_only(caller)
        async with self._db.transaction(caller) as tx:
            found = await people.load_principals(tx, principal_ids)
        return tuple([await self._people.open(caller.operator_id, stored) for stored in found])

    async def staff_of_roles(self, caller: Caller, roles: frozenset[Role]) -> tuple[Principal, ...]:
        staff_only(caller)
        async with self._db.transaction(caller) as tx:
            found = await people.load_of_roles(tx, roles)
        return tuple([await self._people.open(caller.operator_id, stored) for stored in found])

    async def list_staff(
        self, caller: Caller, *, provider_id: ProviderId | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[Principal]:
        self._access.check(caller, "staff:list")
        limit = min(limit, LARGEST_PAGE)
        after = decode_time_and_id(cursor) if cursor else None
        async with self._db.transaction(caller) as tx:
            found = await people.list_principals(tx, provider_id, after, limit + 1)
        shown = found[:limit]
        return Page(
            items=tuple([await self._people.open(caller.operator_id, stored) for stored in shown]),
            next_cursor=encode_cursor(shown[-1].created_at.isoformat(), shown[-1].id) if len(found) > limit else None,
        )

    # Sign-in and sessions

    async def sign_in(self, email: Personal, password: Personal, kind: SessionKind) -> SignIn:
        index = self._keys.blind(NOBODY, "identity.email", domain.comparable_email(email.reveal()))
        await self._count_attempt(index)
        operator_id, principal_id = await self._find_account(index) or (NOBODY, PrincipalId(NOBODY))
        caller = Caller(operator_id=operator_id, kind="staff", id=str(principal_id))
        # An unknown address takes the same steps, so that neither answer nor time tells whether it exists.
        async with self._db.transaction(caller) as tx:
            stored = await people.find_principal(tx, principal_id)
        right = await self._passwords.verify(password.reveal(), await self._people.open_password(operator_id, stored))
        if stored is None or not right or not stored.active:
            telemetry.SIGN_INS_REFUSED.labels("wrong").inc()
            raise Unauthenticated("identity.sign_in_refused", "e-mail or password is wrong")
        session_id = new_id()
        expires_at = self._clock.now() + domain.session_life(kind, self._settings.session_hours)
        async with self._db.transaction(caller) as tx:
            await lookups.clear_attempts(tx, index, older_than=tx.now() - domain.SIGN_IN_PAUSE)
            await lookups.remove_expired_tokens(tx, tx.now() - FINDABLE_AFTER_EXPIRY)
            await sessions.add_session(tx, session_id, principal_id, kind, expires_at)
            tokens = await self._issue(tx, session_id, kind, expires_at)
        return await self._signed_in(operator_id, stored, *tokens)

    async def refresh(self, refresh_token: Personal) -> SignIn:
        caller, _ = await self._find_session_caller(refresh_token)
        async with self._db.transaction(caller) as tx:
            found = await sessions.find_session(tx, hash_token(refresh_token), lock=True)
            verdict = domain.judge_refresh(found.facts, tx.now()) if found else "unknown"
            if found is not None and verdict == "rotate":
                await sessions.replace_tokens(tx, found.id, tx.now())
                tokens = await self._issue(tx, found.id, found.kind, found.facts.expires_at)
            elif found is not None and verdict == "reused":
                await sessions.revoke_session(tx, found.id, "refresh_reused", tx.now())
                await tx.publish(RefreshReused(principal_id=found.principal_id, session_id=found.id))
        self._callers.clear()
        if found is None or verdict != "rotate":
            telemetry.SIGN_INS_REFUSED.labels(f"refresh_{verdict}").inc()
            raise _token_refused(verdict)
        return await self._signed_in(caller.operator_id, await self._get_stored(caller, found.principal_id), *tokens)

    async def sign_out(self, credential: Personal) -> None:
        async with self._db.lookup() as connection:
            reference = await lookups.find_token(connection, hash_token(credential), "session")
        if reference is None:
            return
        async with self._db.transaction(Caller.system(reference.operator_id, "identity")) as tx:
            await sessions.revoke_session(tx, reference.reference, "sign_out", tx.now())
        self._callers.clear()

    async def authenticate(self, credential: str) -> Caller:
        token = hash_token(Personal(credential))
        cached = self._callers.get(token)
        if cached is not None and self._clock.now() < cached[1]:
            return cached[0]
        caller, session = await self._find_session_caller(Personal(credential))
        verdict = domain.judge_access(session.facts, self._clock.now())
        if verdict != "valid":
            raise _token_refused(verdict)
        if len(self._callers) >= CALLER_CACHE_SIZE:
            self._callers.clear()
        self._callers[token] = (caller, min(self._clock.now() + CALLER_CACHE, session.facts.token_expires_at))
        return caller

    async def current_session(self, credential: str) -> Session:
        await self.authenticate(credential)
        caller, session = await self._find_session_caller(Personal(credential))
        stored = await self._get_stored(caller, session.principal_id)
        return await self._session(caller.operator_id, stored, session.facts.token_expires_at)

    # One-time codes

    async def start_code(self, caller: Caller, key: str, subject: SubjectId, purpose: CodePurpose) -> StartedCode:
        code_id = derived_id("identity.code", caller.operator_id, subject, purpose, key)
        async with self._db.transaction(caller) as tx:
            starts = await codes.load_code_starts(tx, subject, purpose, tx.now() - domain.CODE_WINDOW)
            expires_at = await codes.find_code_expiry(tx, code_id)
            if expires_at is None:
                pause = domain.start_pause(starts, tx.now())
                if pause is not None:
                    raise _too_many("identity.too_many_codes", "too many codes were asked for", pause)
                expires_at = tx.now() + domain.CODE_LIFE
                await codes.end_codes(tx, subject, purpose)
                await codes.add_code(tx, code_id, subject, purpose, expires_at)
        return StartedCode(id=code_id, code=self._secrets.code(caller.operator_id, code_id), expires_at=expires_at)

    async def check_code(self, caller: Caller, key: str, code_id: UUID, code: Personal) -> bool:
        given = "".join(sign for sign in code.reveal() if sign.isdigit())
        correct = hmac.compare_digest(given.encode(), self._secrets.code(caller.operator_id, code_id).reveal().encode())
        async with self._db.transaction(caller) as tx:
            found = await codes.lock_code(tx, code_id)
            if found is None:
                raise NotFound("identity.no_such_code", "there is no such code")
            answered = await codes.find_code_answer(tx, code_id, key)
            if answered is not None:
                return answered
            verdict = domain.judge_code(found, tx.now())
            if verdict == "tries_used_up":
                raise TooMany("identity.code_tries_used_up", "all tries of this code are used up")
            if verdict != "open":
                raise Conflict(f"identity.code_{verdict}", "this code is of no use any more")
            await codes.add_code_answer(tx, code_id, key, correct=correct)
        return correct

    # Links

    async def create_link(
        self, caller: Caller, member_id: MemberId, purpose: str, resource_id: UUID, expires_at: datetime
    ) -> AccessLink:
        staff_only(caller)
        fresh = domain.Link(generation=1, expires_at=expires_at, tries=0)
        wanted = links.StoredLink(new_id(), member_id, purpose, resource_id, fresh)
        async with self._db.transaction(caller) as tx:
            kept = await links.add_link(tx, wanted)
            state = domain.renew_link(kept.state, expires_at, tx.now())
            token = self._secrets.link_token(caller.operator_id, kept.id, state.generation)
            await links.save_link(tx, kept.id, state)
            if state.generation != kept.state.generation:
                await lookups.remove_tokens(tx, "link", kept.id)
            await lookups.add_token(tx, hash_token(token), "link", kept.id, state.expires_at)
        return AccessLink(id=kept.id, token=token, expires_at=state.expires_at)

    async def open_link(self, token: Personal) -> LinkTarget:
        async with self._db.lookup() as connection:
            reference = await lookups.find_token(connection, hash_token(token), "link")
        if reference is None:
            raise _no_such_link()
        async with self._db.transaction(Caller.system(reference.operator_id, "identity")) as tx:
            found = await links.lock_link(tx, reference.reference)
            verdict = domain.judge_link(found.state, tx.now()) if found else "expired"
            if found is None or verdict == "expired":
                raise _no_such_link()
            if verdict == "locked":
                raise TooMany("identity.link_locked", "this link was tried too often; a new one is needed")
            await links.save_link(tx, found.id, replace(found.state, tries=found.state.tries + 1))
        return LinkTarget(
            link_id=found.id,
            operator_id=reference.operator_id,
            member_id=found.member_id,
            purpose=found.purpose,
            resource_id=found.resource_id,
            expires_at=found.state.expires_at,
        )

    async def confirm_link(self, caller: Caller, link_id: UUID) -> None:
        async with self._db.transaction(caller) as tx:
            found = await links.lock_link(tx, link_id)
            if found is None:
                raise _no_such_link()
            await links.save_link(tx, link_id, replace(found.state, tries=0))

    # What the use cases are made of

    def _check_may_invite(self, caller: Caller) -> None:
        """The system invites the first administrator, from the command line; administrators everybody else."""
        if caller.kind != "system":
            self._access.check(caller, "staff:invite")

    async def _count_attempt(self, index: bytes) -> None:
        async with self._db.transaction(Caller.system(NOBODY, "identity")) as tx:
            attempts = await lookups.lock_attempts(tx, index)
            pause = domain.pause_left(attempts, tx.now(), self._settings.sign_in_attempts)
            if pause is not None:
                telemetry.SIGN_INS_REFUSED.labels("paused").inc()
                raise _too_many("identity.sign_in_paused", "too many wrong passwords for this account", pause)
            await lookups.save_attempts(tx, index, domain.count_attempt(attempts, tx.now()))

    async def _find_account(self, index: bytes) -> tuple[OperatorId, PrincipalId] | None:
        async with self._db.lookup() as connection:
            return await lookups.find_account(connection, index)

    async def _get_stored(self, caller: Caller, principal_id: PrincipalId) -> StoredPrincipal:
        async with self._db.transaction(caller) as tx:
            found = await people.find_principal(tx, principal_id)
        if found is None:
            raise NotFound("identity.no_such_staff", "this staff person does not exist")
        return found

    async def _find_session_caller(self, token: Personal) -> tuple[Caller, StoredSession]:
        """The session of a token and its person as a caller. Raises when nobody knows the token."""
        async with self._db.lookup() as connection:
            reference = await lookups.find_token(connection, hash_token(token), "session")
        if reference is None:
            raise _token_refused("unknown")
        async with self._db.transaction(Caller.system(reference.operator_id, "identity")) as tx:
            found = await sessions.find_session(tx, hash_token(token))
        if found is None:
            raise _token_refused("unknown")
        return person(reference.operator_id, found.principal_id, found.roles, found.provider_id), found

    async def _issue(
        self, tx: Transaction, session_id: UUID, kind: SessionKind, session_ends: datetime
    ) -> tuple[Personal, Personal | None, datetime]:
        """New tokens of a session, and when the access token expires."""
        expires_at = min(tx.now() + timedelta(hours=self._settings.session_hours), session_ends)
        access = new_token()
        await sessions.add_session_token(tx, session_id, hash_token(access), "access", expires_at)
        if kind == "web":
            return access, None, expires_at
        refresh = new_token()
        await sessions.add_session_token(tx, session_id, hash_token(refresh), "refresh", session_ends)
        return access, refresh, expires_at

    async def _signed_in(
        self,
        operator_id: OperatorId,
        stored: StoredPrincipal,
        access: Personal,
        refresh: Personal | None,
        expires_at: datetime,
    ) -> SignIn:
        session = await self._session(operator_id, stored, expires_at)
        return SignIn(session=session, access_token=access, refresh_token=refresh)

    async def _session(self, operator_id: OperatorId, stored: StoredPrincipal, expires_at: datetime) -> Session:
        return Session(
            principal=await self._people.open(operator_id, stored),
            operator=await self.get_operator(Caller.system(operator_id, "identity")),
            expires_at=expires_at,
        )

    async def _hashed(self, operator_id: OperatorId, principal_id: PrincipalId, password: Personal) -> bytes:
        """The password as it is stored: hashed, then sealed."""
        hashed = await self._passwords.hash(password.reveal())
        return await self._people.seal_password(operator_id, principal_id, hashed)

    def _email_index(self, email: Personal) -> bytes:
        return self._keys.blind(NOBODY, "identity.email", domain.normal_email(email.reveal()))


def _token_refused(verdict: Literal["valid", "rotate", "expired", "reused", "unknown"]) -> Unauthenticated:
    if verdict == "expired":
        return Unauthenticated("identity.token_expired", "this token has expired")
    if verdict == "reused":
        return Unauthenticated("identity.refresh_reused", "this refresh token was used before; the session has ended")
    return Unauthenticated("identity.token_unknown", "this token is not, or no longer, a credential")


def _too_many(code: str, message: str, pause: timedelta) -> TooMany:
    return TooMany(code, message, retry_after_s=max(1, -int(-pause.total_seconds() // 1)))


def _no_such_invitation() -> NotFound:
    return NotFound("identity.no_such_invitation", "this invitation is unknown, used or expired")


def _no_such_link() -> NotFound:
    return NotFound("identity.no_such_link", "this link is unknown or expired")
