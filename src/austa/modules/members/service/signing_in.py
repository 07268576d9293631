"""Members sign in: card number or CPF with the date of birth, then a code to a contact on the contract.

What is answered, and how soon, never tells whether a number is known; who tries many is paused, known or not.
"""

import asyncio
import ipaddress
from datetime import date, timedelta
from uuid import UUID

from austa.infra import telemetry
from austa.infra.db import ModuleDatabase
from austa.infra.keys import Keys
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import TooMany, Unauthenticated
from austa.kernel.ids import OperatorId, derived_id, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity, MemberSession, MemberSessions
from austa.modules.members import store
from austa.modules.members.api import (
    MemberAtHome,
    Members,
    SignedInAsMember,
    StartedSignIn,
    code_refused,
    no_such_operator,
)
from austa.modules.members.domain.numbers import normal_card
from austa.modules.members.events import SignInCodeDue

ANSWER_FLOOR_S = 0.5
"""Twice what a verification takes, so that what is done for a known number hides in it."""
WINDOW = timedelta(hours=1)
STARTS_OF_NUMBER = 5
"""As many codes as `identity` makes for one person in that time."""
WRONG_CODES_OF_ADDRESS = 20


class SigningIn:
    """Implements `members.api.MemberSignIn`."""

    def __init__(
        self,
        database: ModuleDatabase,
        keys: Keys,
        clock: Clock,
        *,
        members: Members,
        identity: Identity,
        sessions: MemberSessions,
        starts_of_address: int,
        answer_floor_s: float = ANSWER_FLOOR_S,
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._members = members
        self._identity = identity
        self._sessions = sessions
        self._starts_of_address = starts_of_address
        self._answer_floor_s = answer_floor_s

    async def start(self, operator: str | None, number: Personal, birth_date: date, address: str) -> StartedSignIn:
        caller = Caller.system(await self._operator(operator), "members")
        await self._count(caller, f"starts:{_network(address)}", self._starts_of_address)
        await self._count(caller, f"number:{normal_card(number.reveal())}", STARTS_OF_NUMBER)
        code_id, _ = await asyncio.gather(
            self._start(caller, number.reveal(), birth_date), asyncio.sleep(self._answer_floor_s)
        )
        return StartedSignIn(code_id=code_id)

    async def finish(self, operator: str | None, code_id: UUID, code: Personal, address: str) -> SignedInAsMember:
        caller = Caller.system(await self._operator(operator), "members")
        starts, tries = f"starts:{_network(address)}", f"codes:{_network(address)}"
        await self._count(caller, tries, WRONG_CODES_OF_ADDRESS)
        (home, token), _ = await asyncio.gather(
            self._finish(caller, code_id, code), asyncio.sleep(self._answer_floor_s)
        )
        if home is None or token is None:
            telemetry.SIGN_INS_REFUSED.labels("member_code").inc()
            raise code_refused()
        async with self._database.transaction(caller) as tx:
            # Who comes in takes no try away from others behind the same address.
            for right in (starts, tries):
                await store.forgive_try(tx, self._mark(caller.operator_id, right))
        return SignedInAsMember(home=home, token=token)

    async def home(self, credential: str) -> MemberAtHome:
        session = await self._sessions.find(credential)
        home = await self._home(session)
        if home is None:
            raise Unauthenticated("members.session_without_member", "this person's data is here no more")
        return home

    async def sign_out(self, credential: str) -> None:
        await self._sessions.end(Personal(credential))

    async def _start(self, caller: Caller, number: str, birth_date: date) -> UUID:
        key = f"sign_in:{new_id()}"
        started = await self._members.start_verification(caller, key, number, birth_date)
        if started is None:
            # Of the same shape as the id of a code that there is.
            return derived_id("identity.code", caller.operator_id, key)
        async with self._database.transaction(caller) as tx:
            await tx.publish(SignInCodeDue(code_id=UUID(started.code_id)))
        return UUID(started.code_id)

    async def _finish(
        self, caller: Caller, code_id: UUID, code: Personal
    ) -> tuple[MemberAtHome | None, Personal | None]:
        key = f"sign_in:{new_id()}"
        member_id = await self._members.check_verification(caller, key, str(code_id), code.reveal())
        if member_id is None:
            return None, None
        started = await self._sessions.start(caller, member_id)
        return await self._home(started.session), started.token

    async def _home(self, session: MemberSession) -> MemberAtHome | None:
        caller = Caller.member(session.operator_id, session.member_id)
        served = await self._members.served(caller, (session.member_id,), local_date(self._clock.now()))
        myself = next((one for one in served if one.member_id == session.member_id), None)
        if myself is None:
            return None
        operator = await self._identity.get_operator(caller)
        return MemberAtHome(
            member_id=session.member_id,
            first_name=myself.first_name,
            operator_name=operator.name,
            people=served,
            expires_at=session.expires_at,
        )

    async def _operator(self, registry: str | None) -> OperatorId:
        if registry is not None:
            found = await self._identity.find_operator(registry)
        else:
            every = await self._identity.operator_ids()
            found = every[0] if len(every) == 1 else None
        if found is None:
            raise no_such_operator()
        return found

    async def _count(self, caller: Caller, of: str, allowed: int) -> None:
        """One more try, counted before anything is looked up, so that parallel ones count too."""
        async with self._database.transaction(caller) as tx:
            since, count = await store.count_try(tx, self._mark(caller.operator_id, of), tx.now() - WINDOW)
            left = since + WINDOW - tx.now()
        if count > allowed:
            telemetry.SIGN_INS_REFUSED.labels("member_paused").inc()
            seconds = max(1, -int(-left.total_seconds() // 1))
            raise TooMany("members.sign_in_paused", "too many tries to sign in", retry_after_s=seconds)

    def _mark(self, operator_id: OperatorId, of: str) -> str:
        """Numbers and addresses are personal data: only their HMAC is kept."""
        return f"sign_in:{self._keys.blind(operator_id, 'members.sign_in', of).hex()}"


def _network(address: str) -> str:
    """Who shares an address: one in version 4, the network of a household in version 6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
