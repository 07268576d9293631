"""Sign-in, sessions and their tokens at the door."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from austa.infra import telemetry
from austa.infra.platform import Platform
from austa.kernel.clock import SetClock
from austa.kernel.errors import TooMany, Unauthenticated
from austa.kernel.ids import new_id
from austa.kernel.personal import Personal
from austa.modules.identity.adapters.passwords import Passwords
from austa.modules.identity.api import Operator, Principal, SignIn
from austa.modules.identity.domain import REFRESH_LIFE
from austa.modules.identity.module import build
from austa.modules.identity.service.identity import IdentityService
from tests.modules.identity.conftest import PASSWORD

WRONG = Personal("nenhuma destas palavras")


async def test_a_signed_in_person_is_a_caller_with_their_roles(
    identity: IdentityService, operator: Operator, helena: Principal
) -> None:
    signed_in = await identity.sign_in(Personal(f"  {helena.email.reveal().upper()} "), PASSWORD, "web")
    caller = await identity.authenticate(signed_in.access_token.reveal())
    assert (caller.operator_id, caller.principal_id, caller.roles) == (operator.id, helena.id, helena.roles)
    assert signed_in.refresh_token is None
    assert await identity.current_session(signed_in.access_token.reveal()) == signed_in.session


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    identity: IdentityService, helena: Principal
) -> None:
    before = telemetry.SIGN_INS_REFUSED.labels("wrong")._value.get()
    answers = []
    for address in (helena.email, Personal("ninguem@austa.example"), Personal("nem endereço")):
        with pytest.raises(Unauthenticated) as refused:
            await identity.sign_in(address, WRONG, "api")
        answers.append(str(refused.value))
    assert len(set(answers)) == 1
    assert telemetry.SIGN_INS_REFUSED.labels("wrong")._value.get() == before + 3


async def test_an_unknown_address_costs_a_password_computation_too(platform: Platform) -> None:
    looked_at: list[str | None] = []

    class Watched(Passwords):
        async def verify(self, password: str, stored: str | None) -> bool:
            looked_at.append(stored)
            return await super().verify(password, stored)

    identity = IdentityService(
        platform.database.for_module("identity"),
        platform.keys,
        platform.access,
        platform.clock,
        platform.settings,
        Watched(),
    )
    with pytest.raises(Unauthenticated):
        await identity.sign_in(Personal(f"{new_id().hex}@austa.example"), WRONG, "api")
    assert looked_at == [None]


@pytest.mark.parametrize("known", [True, False])
async def test_five_wrong_passwords_pause_the_account_for_a_quarter_of_an_hour(
    identity: IdentityService, helena: Principal, clock: SetClock, known: bool
) -> None:
    address = helena.email if known else Personal(f"{new_id().hex}@austa.example")
    for _ in range(5):
        with pytest.raises(Unauthenticated, match="sign_in_refused"):
            await identity.sign_in(address, WRONG, "api")
    with pytest.raises(TooMany, match="sign_in_paused") as paused:
        await identity.sign_in(address, PASSWORD, "api")
    assert paused.value.details["retry_after_s"] == 900
    clock.advance(timedelta(minutes=15))
    if known:
        assert (await identity.sign_in(address, PASSWORD, "api")).session.principal == helena


async def test_parallel_guesses_do_not_get_more_tries(identity: IdentityService, helena: Principal) -> None:
    results = await asyncio.gather(
        *(identity.sign_in(helena.email, WRONG, "api") for _ in range(12)), return_exceptions=True
    )
    assert sum(isinstance(result, Unauthenticated) for result in results) == 5
    assert sum(isinstance(result, TooMany) for result in results) == 7


async def test_a_right_password_forgives_the_wrong_ones(identity: IdentityService, helena: Principal) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(Unauthenticated):
                await identity.sign_in(helena.email, WRONG, "api")
        await identity.sign_in(helena.email, PASSWORD, "api")


async def test_a_session_ends_after_its_hours(identity: IdentityService, helena: Principal, clock: SetClock) -> None:
    signed_in = await identity.sign_in(helena.email, PASSWORD, "web")
    assert signed_in.session.expires_at == clock.now() + timedelta(hours=12)
    await identity.authenticate(signed_in.access_token.reveal())
    clock.advance(timedelta(hours=12))
    with pytest.raises(Unauthenticated, match="token_expired"):
        await identity.authenticate(signed_in.access_token.reveal())


async def test_an_ended_session_is_known_to_other_processes_within_five_seconds(
    identity: IdentityService, platform: Platform, helena: Principal, clock: SetClock
) -> None:
    signed_in = await identity.sign_in(helena.email, PASSWORD, "web")
    other_process = build(platform)[0]
    await other_process.authenticate(signed_in.access_token.reveal())
    await identity.sign_out(signed_in.access_token)
    await identity.sign_out(signed_in.access_token)
    clock.advance(timedelta(seconds=5))
    for process in (identity, other_process):
        with pytest.raises(Unauthenticated, match="token_unknown"):
            await process.authenticate(signed_in.access_token.reveal())


async def test_a_made_up_token_is_unknown(identity: IdentityService) -> None:
    for token in ("", "abc", "x" * 500, "ünï"):
        with pytest.raises(Unauthenticated, match="token_unknown"):
            await identity.authenticate(token)
        with pytest.raises(Unauthenticated, match="token_unknown"):
            await identity.refresh(Personal(token))
    await identity.sign_out(Personal("abc"))


async def test_a_refresh_token_is_no_credential_and_an_access_token_refreshes_nothing(
    identity: IdentityService, helena: Principal
) -> None:
    signed_in = await identity.sign_in(helena.email, PASSWORD, "api")
    assert signed_in.refresh_token is not None
    with pytest.raises(Unauthenticated, match="token_unknown"):
        await identity.authenticate(signed_in.refresh_token.reveal())
    with pytest.raises(Unauthenticated, match="token_unknown"):
        await identity.refresh(signed_in.access_token)


async def test_two_refreshes_at_once_end_the_session(identity: IdentityService, helena: Principal) -> None:
    """One of the two is a copy, and nobody can tell which."""
    signed_in = await identity.sign_in(helena.email, PASSWORD, "api")
    assert signed_in.refresh_token is not None
    results = await asyncio.gather(
        identity.refresh(signed_in.refresh_token), identity.refresh(signed_in.refresh_token), return_exceptions=True
    )
    [fresh] = [result for result in results if isinstance(result, SignIn)]
    with pytest.raises(Unauthenticated, match="token_unknown"):
        await identity.authenticate(fresh.access_token.reveal())


STEPS = st.lists(
    st.sampled_from(["refresh", "refresh_old", "use", "use_old", "hours", "days", "sign_out"]), min_size=1, max_size=14
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=["refresh", "use_old", "use", "refresh_old", "use", "refresh"])
@example(steps=["hours", "hours", "use", "refresh", "use", "days", "days", "days", "refresh"])
@given(steps=STEPS)
async def test_whatever_happens_only_the_newest_tokens_of_a_living_session_work(
    identity: IdentityService, helena: Principal, clock: SetClock, steps: list[str]
) -> None:
    """A model of one session beside the real one: newest pair, older pairs, end, and whether it was ended."""
    newest, older = await identity.sign_in(helena.email, PASSWORD, "api"), list[SignIn]()
    session_ends, ended = clock.now() + REFRESH_LIFE, False

    async def works(call: Awaitable[object]) -> bool:
        try:
            await call
        except Unauthenticated:
            return False
        return True

    for step in steps:
        alive = not ended and clock.now() < session_ends
        if step == "refresh":
            try:
                fresh = await identity.refresh(_refresh_token(newest))
                assert alive
                newest, older = fresh, [*older, newest]
            except Unauthenticated:
                assert not alive
        elif step == "refresh_old" and older:
            assert not await works(identity.refresh(_refresh_token(older[0])))
            ended = True
        elif step == "use":
            expected = alive and clock.now() < newest.session.expires_at
            assert await works(identity.authenticate(newest.access_token.reveal())) == expected
        elif step == "use_old" and older:
            assert not await works(identity.authenticate(older[-1].access_token.reveal()))
        elif step in {"hours", "days"}:
            clock.advance(timedelta(hours=7) if step == "hours" else timedelta(days=11))
        elif step == "sign_out":
            await identity.sign_out(newest.access_token)
            ended = ended or clock.now() < session_ends


def _refresh_token(signed_in: SignIn) -> Personal:
    assert signed_in.refresh_token is not None
    return signed_in.refresh_token
