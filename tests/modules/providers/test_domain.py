"""Rules of providers: CNPJ old and new, registrations, and standing on a day."""

from datetime import UTC, date, datetime, timedelta
from itertools import cycle

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from austa.kernel.bitemporal import Version, change
from austa.modules.providers.domain import (
    ALWAYS,
    StandingSince,
    believed_at,
    folded,
    is_cnpj,
    normal_cnpj,
    normal_council,
    normal_registration,
    standing_history,
    standing_on,
    standing_told,
)

ROOTS = st.from_regex(r"[0-9A-Z]{12}", fullmatch=True)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
TOLD = st.lists(st.builds(StandingSince, DAYS, st.booleans()), unique_by=lambda each: each.since)


class TestCnpj:
    @pytest.mark.parametrize("cnpj", ["12ABC34501DE35", "11222333000181"])
    def test_a_right_one(self, cnpj: str) -> None:
        assert is_cnpj(cnpj)

    @pytest.mark.parametrize("cnpj", ["12ABC34501DE00", "12abc34501de35", "1122233300018", "00000000000000", ""])
    def test_a_wrong_one(self, cnpj: str) -> None:
        assert not is_cnpj(cnpj)

    @given(ROOTS, st.integers(0, 99))
    def test_twelve_characters_have_one_right_ending(self, root: str, ending: int) -> None:
        cnpj = root + _check_digits(root)
        assume(len(set(cnpj)) > 1)
        other = f"{root}{ending:02d}"
        assert is_cnpj(cnpj)
        assert is_cnpj(other) == (other == cnpj)

    @given(ROOTS)
    def test_the_mask_does_not_matter(self, root: str) -> None:
        cnpj = root + _check_digits(root)
        masked = f" {cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/{cnpj[8:12]}-{cnpj[12:]} ".lower()
        assert normal_cnpj(masked) == cnpj


class TestRegistration:
    @pytest.mark.parametrize(
        ("written", "number"), [("012.345", "12345"), ("12345-f", "12345F"), (" 7 ", "7"), ("0", "")]
    )
    def test_in_normal_writing(self, written: str, number: str) -> None:
        assert normal_registration(written) == number

    @pytest.mark.parametrize(("written", "council"), [("crm", "CRM"), (" Coren ", "COREN"), ("CRBM", "other")])
    def test_councils(self, written: str, council: str) -> None:
        assert normal_council(written) == council


class TestStanding:
    @given(DAYS, TOLD)
    def test_of_what_the_version_before_wrote_the_last_word_by_that_day_holds(
        self, day: date, told: list[StandingSince]
    ) -> None:
        words = sorted(told, key=lambda each: each.since)
        earlier = [each for each in words if each.since <= day]
        standing = standing_on(day, standing_history("suspension", words))
        assert standing.known == bool(earlier)
        assert standing.in_good_standing == (bool(earlier) and earlier[-1].good)
        assert standing.reason == ("suspended" if standing.known and not standing.in_good_standing else None)

    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=1, max_size=8), DAYS)
    def test_what_was_known_is_what_a_table_of_days_says(self, words: list[tuple[bool, int]], start: date) -> None:
        days = [start + timedelta(days=n) for n in range(10)]
        moments = [datetime(2026, 11, 21, hour, tzinfo=UTC) for hour in range(len(words))]
        versions: list[Version] = []
        tables: list[dict[date, bool]] = []
        for (good, at), moment in zip(words, moments, strict=True):
            since = days[at] if tables else ALWAYS
            versions = change(versions, standing_history("registration", [StandingSince(since, good)])[0], moment)
            tables.append({day: good if day >= since else tables[-1][day] for day in days})
        for moment, known in zip(moments, tables, strict=True):
            said = believed_at(versions, moment)
            assert {day: standing_on(day, said).in_good_standing for day in days} == known

    def test_a_first_word_holds_from_always(self) -> None:
        assert standing_told(True, None, date(2026, 11, 21)) == StandingSince(ALWAYS, True)


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def _check_digits(root: str) -> str:
    """Value = ASCII - 48, weights 2..9 cyclic from the right, below 2 is 0, without the library."""
    digits = ""
    for _ in range(2):
        values = [ord(sign) - 48 for sign in reversed(root + digits)]
        rest = sum(value * weight for value, weight in zip(values, cycle(range(2, 10)), strict=False)) % 11
        digits += "0" if rest < 2 else str(11 - rest)
    return digits
