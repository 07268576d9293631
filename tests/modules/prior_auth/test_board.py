"""When a medical board is admitted, its terms, and that its opinion prevails (RN ANS 424/2017; domain-br 2.8)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.calendar import BusinessCalendar
from austa.modules.prior_auth.api.requests import BoardConclusion, Outcome
from austa.modules.prior_auth.domain.authority import OUTCOME_OF, ConcludedBoard, what_is_lacking
from austa.modules.prior_auth.domain.board import (
    BoardMatter,
    requester_term,
    tiebreaker_term,
    why_not_admitted,
)
from tests.modules.prior_auth.releases import ITEMS, REQUESTER, a_denial
from tests.modules.prior_auth.seeds import TERMS

CALENDAR = BusinessCalendar()
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONDAY = date(2026, 11, 23)
SPINE = BoardMatter(
    urgent=False,
    ordered_by_court=False,
    non_care=False,
    service_class="elective_admission",
    asked_on=MONDAY,
    listed=True,
    divergence_is_technical=True,
    covered=True,
    registered=True,
)


def test_a_technical_divergence_about_covered_care_is_admitted() -> None:
    assert why_not_admitted(SPINE, MONDAY, CALENDAR, TERMS) == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"urgent": True}, "urgent"),
        ({"ordered_by_court": True}, "ordered_by_court"),
        ({"non_care": True}, "non_care"),
        ({"divergence_is_technical": False}, "no_technical_divergence"),
        ({"covered": False}, "not_covered"),
        ({"listed": False}, "not_covered"),
        ({"registered": False}, "not_registered"),
        ({"asked_on": MONDAY - timedelta(days=40)}, "too_late"),
        ({"service_class": "lab"}, "too_late"),
        ({"service_class": "non_care"}, "too_late"),
    ],
)
def test_what_speaks_against_a_board(change: dict[str, Any], why: str) -> None:
    assert why_not_admitted(replace(SPINE, **change), MONDAY, CALENDAR, TERMS) == (why,)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 40))
def test_an_admitted_board_ends_before_care_is_due(asked_on: date, later: int) -> None:
    today = asked_on + timedelta(days=later)
    if not why_not_admitted(replace(SPINE, asked_on=asked_on), today, CALENDAR, TERMS):
        assert CALENDAR.count(asked_on, CALENDAR.add(today, 4)) <= 21


def test_each_term_has_two_business_days() -> None:
    friday = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    for term in (requester_term, tiebreaker_term):
        assert term(friday, CALENDAR, SAO_PAULO).astimezone(SAO_PAULO).isoformat() == "2026-12-01T23:59:59-03:00"


@pytest.mark.parametrize("board", get_args(BoardConclusion))
@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_the_tiebreakers_opinion_prevails(board: BoardConclusion, outcome: Outcome) -> None:
    decision = a_denial(outcome=outcome)
    lacking = what_is_lacking(decision, "BOARD_OPINION", REQUESTER, ITEMS, ConcludedBoard(board))
    assert ("board_opinion" in lacking) == (OUTCOME_OF[board] != outcome)
