"""Passwords, attempts, codes and links as pure rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.errors import Invalid
from austa.kernel.personal import Personal
from austa.modules.identity import domain
from austa.modules.identity.api import CouncilRegistration, NewStaff

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("curta", "identity.password_short"),
        ("a" * 129, "identity.password_long"),
        ("aaaaaaaaaaaaaa", "identity.password_simple"),
        ("abababababababab", "identity.password_simple"),
        ("123456789012345", "identity.password_simple"),
        ("qwertyuiopasdfgh", "identity.password_simple"),
        ("HelenaPrado2026", "identity.password_simple"),
    ],
)
def test_passwords_that_are_guessed_first_are_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        domain.check_password(password, ["Helena", "Prado", "helena.prado"])
    assert refused.value.code == code


@pytest.mark.parametrize(
    "password", ["quatro cavalos verdes", "chuva-em-ouro-preto", "Xk9$mQ2vLp7!", "12 maçãs e 3 pés"]
)
def test_long_phrases_are_accepted_without_classes_of_characters(password: str) -> None:
    domain.check_password(password, ["Helena", "Prado"])


@given(st.lists(st.integers(0, 1200), max_size=40), st.integers(1, 8))
def test_no_quarter_of_an_hour_sees_more_tries_than_allowed_twice(gaps: list[int], allowed: int) -> None:
    """However tries are spaced, at most `allowed` pass before a pause, and a pause lasts 15 minutes."""
    attempts, now, run = None, NOW, 0
    for gap in gaps:
        now += timedelta(seconds=gap)
        pause = domain.pause_left(attempts, now, allowed)
        if pause is not None:
            assert attempts is not None
            assert attempts.count >= allowed
            assert timedelta(0) < pause <= domain.SIGN_IN_PAUSE
            continue
        before = attempts
        attempts = domain.count_attempt(attempts, now)
        forgotten = before is None or now - before.last_at >= domain.SIGN_IN_PAUSE
        run = 1 if forgotten else run + 1
        assert attempts.count == run <= allowed


def test_physicians_and_nurses_need_their_council() -> None:
    crm = CouncilRegistration(council="CRM", uf="SP", number=Personal("1"))
    coren = CouncilRegistration(council="COREN", uf="SP", number=Personal("1"))

    def staff(role: str, council: CouncilRegistration | None) -> NewStaff:
        return NewStaff.model_validate(
            {"email": Personal("a@b"), "name": Personal("Ana"), "roles": frozenset({role}), "council": council}
        )

    domain.check_staff(staff("administrator", None))
    domain.check_staff(staff("medical_auditor", crm))
    domain.check_staff(staff("nurse_auditor", coren))
    for role, council in [("medical_auditor", None), ("technical_director", coren), ("nurse_auditor", crm)]:
        with pytest.raises(Invalid, match="council_missing"):
            domain.check_staff(staff(role, council))


@given(st.lists(instants, max_size=12), instants)
def test_a_subject_gets_five_codes_an_hour_and_is_told_how_long_to_wait(started: list[datetime], now: datetime) -> None:
    past = [at for at in started if at <= now]
    pause = domain.start_pause(past, now)
    recent = [at for at in past if now - at < domain.CODE_WINDOW]
    assert (pause is not None) == (len(recent) >= domain.CODE_STARTS)
    if pause is not None:
        assert timedelta(0) < pause <= domain.CODE_WINDOW
        assert domain.start_pause(past, now + pause) is None


@given(instants, st.integers(0, 9), st.none() | instants, instants)
def test_a_code_is_open_only_unused_in_time_and_with_tries_left(
    expires_at: datetime, tries: int, used_at: datetime | None, now: datetime
) -> None:
    verdict = domain.judge_code(domain.Code(expires_at, tries, used_at), now)
    assert (verdict == "open") == (used_at is None and now < expires_at and tries < domain.CODE_TRIES)


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_six_digits(mac: bytes) -> None:
    code = domain.six_digits(mac)
    assert len(code) == 6
    assert code.isdigit()


@given(st.integers(0, 9), instants, instants, instants)
def test_renewing_a_link_gives_one_that_opens_and_a_new_token_only_when_it_must(
    tries: int, expires_at: datetime, wanted: datetime, now: datetime
) -> None:
    old = domain.Link(3, expires_at, tries)
    new = domain.renew_link(old, wanted, now)
    assert (new.generation == old.generation) == (domain.judge_link(old, now) == "open")
    assert new.expires_at >= wanted
    if wanted > now:
        assert domain.judge_link(new, now) == "open"
