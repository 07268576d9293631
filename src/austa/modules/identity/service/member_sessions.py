"""Sessions of members: begun by whoever verified the person, known by a cookie of their own."""

from datetime import datetime, timedelta

from austa.infra.db import ModuleDatabase
from austa.infra.settings import Settings
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.errors import Unauthenticated
from austa.kernel.ids import MemberId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import MemberSession, StartedMemberSession, session_waits
from austa.modules.identity.service.callers import system_only
from austa.modules.identity.service.secret_texts import hash_token, new_token
from austa.modules.identity.store import lookups, member_sessions

KNOWN_FOR = timedelta(seconds=5)
"""So long a process believes what it read; an ended session is refused everywhere after it."""
MOST_KNOWN = 10_000
KEPT_AFTER = timedelta(days=1)


class MemberSessionService:
    """Implements `identity.api.MemberSessions`."""

    def __init__(self, database: ModuleDatabase, clock: Clock, settings: Settings) -> None:
        self._db = database
        self._clock = clock
        self._life = timedelta(hours=settings.member_session_hours)
        self._known: dict[bytes, tuple[MemberSession, datetime]] = {}

    async def start(self, caller: Caller, member_id: MemberId) -> StartedMemberSession:
        system_only(caller)
        token = new_token()
        session_id = new_id()
        async with self._db.transaction(caller) as tx:
            expires_at = tx.now() + self._life
            await member_sessions.remove_expired_member_sessions(tx, tx.now() - KEPT_AFTER)
            await member_sessions.add_member_session(tx, session_id, member_id, hash_token(token), expires_at)
        session = MemberSession(
            id=session_id, operator_id=caller.operator_id, member_id=member_id, expires_at=expires_at
        )
        return StartedMemberSession(session=session, token=token)

    async def find(self, credential: str, *, fresh: bool = False) -> MemberSession:
        token = hash_token(Personal(credential))
        now = self._clock.now()
        known = self._known.get(token)
        if known is not None and now < known[1] and not fresh:
            return known[0]
        session = await self._find(token)
        if now >= session.expires_at:
            raise Unauthenticated("identity.token_expired", "this session has expired")
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[token] = (session, min(now + KNOWN_FOR, session.expires_at))
        return session

    async def authenticate_member(self, credential: str) -> Caller:
        session = await self.find(credential)
        return Caller.member(session.operator_id, session.member_id)

    async def end(self, credential: Personal) -> None:
        token = hash_token(credential)
        try:
            session = await self._find(token)
        except Unauthenticated:
            return
        async with self._db.transaction(Caller.member(session.operator_id, session.member_id)) as tx:
            if await member_sessions.end_member_session(tx, session.id):
                tx.wake(session_waits(session.id))
        self._known.pop(token, None)

    async def _find(self, token: bytes) -> MemberSession:
        async with self._db.lookup() as connection:
            reference = await lookups.find_token(connection, token, "member_session")
        if reference is None:
            raise _unknown()
        async with self._db.transaction(Caller.system(reference.operator_id, "identity")) as tx:
            found = await member_sessions.find_member_session(tx, token)
        if found is None or found[1]:
            raise _unknown()
        return found[0]


def _unknown() -> Unauthenticated:
    return Unauthenticated("identity.token_unknown", "this session is not known, or has ended")
