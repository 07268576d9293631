"""Contracts are frozen and strict: nothing is coerced, nothing unknown passes from us, others may know more."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.errors import AustaError, Invalid, Unauthenticated
from austa.kernel.events import Envelope
from austa.kernel.ids import MemberId, OperatorId, new_id
from austa.kernel.money import Money


class Thing(Contract):
    id: UUID
    count: int
    at: datetime


THING = Thing(id=new_id(), count=1, at=datetime(2026, 11, 21, 15, tzinfo=UTC))


@pytest.mark.parametrize("wrong", [{"count": "1"}, {"count": 1.0}, {"count": True}, {"id": "x"}, {"at": "2026-11-21"}])
def test_nothing_is_coerced(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Thing(**{**THING.model_dump(), **wrong})


def test_nothing_unknown_passes_from_us() -> None:
    with pytest.raises(ValidationError):
        Thing(**THING.model_dump(), colour="red")


def test_what_others_know_more_is_ignored() -> None:
    raw = THING.model_dump_json()[:-1] + ', "colour": "red"}'
    assert Thing.read(raw) == THING
    assert Thing.read(raw.encode()) == THING


def test_nothing_changes_afterwards() -> None:
    with pytest.raises(ValidationError):
        THING.count = 2  # type: ignore[misc]


def test_a_page_reads_back() -> None:
    page = Page[Thing](items=(THING,), next_cursor="c")
    assert Page[Thing].read(page.model_dump_json()) == page


def test_an_envelope_is_a_cloud_event() -> None:
    event_id, operator = new_id(), OperatorId(new_id())
    envelope = Envelope(
        id=event_id,
        type="test.seen.v1",
        time=THING.at,
        operator=operator,
        actor="system:test",
        correlation=event_id,
        causation=None,
        key="k",
        data={"a": 1},
    )
    outside = envelope.cloud_event()
    assert outside["specversion"] == "1.0"
    assert outside["source"] == f"urn:austa:{operator}"
    assert outside["time"] == "2026-11-21T15:00:00+00:00"
    assert "causation" not in outside
    assert all(name.isalnum() and name.islower() for name in outside)


def test_who_acts_is_written_without_confusion() -> None:
    operator, person = OperatorId(new_id()), new_id()
    assert Caller(operator_id=operator, kind="staff", id=str(person)).actor == str(person)
    assert Caller.member(operator, MemberId(person)).actor == f"member:{person}"
    assert Caller.system(operator, "ledger").actor == "system:ledger"
    assert Caller.system(operator, "ledger").roles == frozenset()


def test_an_error_is_its_code() -> None:
    error = Invalid("members.wrong_card", "the check digit is wrong", digits=15)
    assert (error.code, error.kind, dict(error.details)) == ("members.wrong_card", "invalid", {"digits": 15})
    assert str(error) == "members.wrong_card: the check digit is wrong"
    assert isinstance(Unauthenticated("a.b", "c"), AustaError)


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_money_is_exact(one: int, two: int) -> None:
    assert (Money(centavos=one) + Money(centavos=two)).centavos == one + two
    assert (Money(centavos=one) < Money(centavos=two)) == (one < two)
    assert (Money(centavos=one) >= Money(centavos=two)) == (one >= two)
    assert Money.of(Money(centavos=one).reais).centavos == one


@pytest.mark.parametrize(
    ("reais", "centavos"),
    [("0.005", 1), ("0.004", 0), ("-0.005", -1), (7, 700), (Decimal("1234.56"), 123_456), ("0.1", 10)],
)
def test_half_a_centavo_rounds_up(reais: str | int | Decimal, centavos: int) -> None:
    assert Money.of(reais).centavos == centavos


@pytest.mark.parametrize(
    ("centavos", "written"),
    [(0, "R$ 0,00"), (5, "R$ 0,05"), (123_456_789, "R$ 1.234.567,89"), (-1_050, "-R$ 10,50")],
)
def test_money_is_written_as_brazilians_do(centavos: int, written: str) -> None:
    assert str(Money(centavos=centavos)).replace("\u00a0", " ") == written
