"""Each signal at its edge: it fires where it says, and not one step before."""

from datetime import timedelta
from typing import Any

import pytest

from austa.kernel.money import Money
from austa.kernel.personal import Personal
from austa.modules.prior_auth.adapters.coverage_file import load_pack
from austa.modules.prior_auth.api.refunds import Receipt, Refund
from austa.modules.prior_auth.domain.facts import Facts
from tests.modules.prior_auth.cases import DAY, SCREWS, TWO_CITIES, a_member, a_place, facts, lines, past, signals_of

PACK = load_pack()
SPINE = lines("30715016", quantity=3)


def ids(asked: Facts) -> list[str]:
    return [signal.id for signal in signals_of(asked, PACK)]


def refund(*receipts: tuple[int, int], account: Any = "holder", days: int = 0) -> Facts:
    """Receipts as (number, centavos) of one issuer, under a ceiling of R$ 500, each `days` after the one before."""
    return facts(
        lines("10101012"),
        "",
        kind="reimbursement",
        refund=Refund(
            receipts=tuple(
                Receipt(
                    number=number,
                    issued_on=DAY - timedelta(days=days * at),
                    amount=Money(centavos=centavos),
                    issuer=Personal("Consultório"),
                )
                for at, (number, centavos) in enumerate(receipts)
            ),
            ceiling=Money(centavos=50_000),
            account_of=account,
        ),
    )


@pytest.mark.parametrize(("days", "expected"), [(0, ["R01", "R22"]), (30, ["R02", "R22"]), (31, ["R22"]), (90, [])])
def test_the_same_imaging_again(days: int, expected: list[str]) -> None:
    assert ids(facts(lines("40901122"), history=(past("40901122", days),))) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(80, ["R07"]), (120, ["R07"]), (121, [])])
def test_two_cities_within_two_hours(minutes: int, expected: list[str]) -> None:
    first, second = TWO_CITIES
    assert first.scheduled_at is not None
    later = second.model_copy(update={"scheduled_at": first.scheduled_at + timedelta(minutes=minutes)})
    assert ids(facts((first, later))) == expected


def test_two_places_of_one_city_are_near() -> None:
    first, second = TWO_CITIES
    here = a_place("a", latitude_e6=-23_550_000, longitude_e6=-46_630_000)
    there = a_place("b", latitude_e6=-23_500_000, longitude_e6=-46_800_000)
    near = tuple(one.model_copy(update={"provider": place}) for one, place in ((first, here), (second, there)))
    assert ids(facts(near)) == []


@pytest.mark.parametrize(
    ("numbers", "expected"), [((10, 15, 20), ["R12"]), ((10, 15, 21), []), ((10, 10, 10), []), ((10, 11), [])]
)
def test_receipts_in_sequence(numbers: tuple[int, int], expected: list[str]) -> None:
    assert ids(refund(*((number, 10_000) for number in numbers))) == expected


def test_receipts_of_different_days_are_no_sequence() -> None:
    assert ids(refund((10, 10_000), (11, 10_000), days=1)) == []


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [((45_000, 50_000, 48_000), ["R13"]), ((44_999, 50_000, 48_000), []), ((50_001, 50_000, 48_000), [])],
)
def test_three_receipts_just_below_the_ceiling(amounts: tuple[int, ...], expected: list[str]) -> None:
    assert ids(refund(*((100 * at, amount) for at, amount in enumerate(amounts)))) == expected


def test_account_of_somebody_else() -> None:
    assert ids(refund((1, 1000), account="someone_else")) == ["R28"]


@pytest.mark.parametrize(("centavos", "expected"), [(600_000, []), (600_001, ["R18"])])
def test_price_above_one_and_a_half_times_the_reference(centavos: int, expected: list[str]) -> None:
    material = SCREWS.model_copy(update={"unit_price": Money(centavos=centavos)})
    assert ids(facts(SPINE, materials=(material,))) == expected


@pytest.mark.parametrize(("quantity", "expected"), [(8, []), (9, ["R19"])])
def test_more_screws_than_three_segments_hold(quantity: int, expected: list[str]) -> None:
    assert ids(facts(SPINE, materials=(SCREWS.model_copy(update={"quantity": quantity}),))) == expected


@pytest.mark.parametrize(("sex", "expected"), [("F", ["R03"]), ("M", []), ("unknown", [])])
def test_registry_and_item(sex: str, expected: list[str]) -> None:
    assert ids(facts(lines("40316149"), member=a_member(sex=sex))) == expected
