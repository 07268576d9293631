"""The queue: its order, its pages, its views, its search."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from austa.kernel.errors import Forbidden, Invalid
from austa.kernel.ids import CaseId, OperatorId, RequestId, new_id
from austa.modules.medical_audit.api.cases import CaseFilter, CaseLine, Urgency, View
from austa.modules.prior_auth.api.clocks import Stage
from austa.modules.prior_auth.events import BreachPredicted
from tests.conftest import TODAY, staff
from tests.modules.medical_audit.below import a_request
from tests.modules.medical_audit.conftest import Desk

IN_DAYS = {n: TODAY + timedelta(days=n) for n in range(-3, 15)}


async def pages(desk: Desk, limit: int, **wanted: Any) -> list[CaseLine]:
    """All lines, page by page."""
    lines: list[CaseLine] = []
    cursor = None
    while True:
        page = await desk.audit.queue(desk.physician, CaseFilter.model_validate(wanted), cursor, limit)
        assert len(page.items) <= limit
        lines += page.items
        if page.next_cursor is None:
            return lines
        cursor = page.next_cursor


async def a_mixed_queue(desk: Desk) -> dict[str, CaseId]:
    """One case of each kind."""
    ruled = {
        "late": await desk.route(desk.request(due_at=IN_DAYS[-1])),
        "today": await desk.route(desk.request(due_at=TODAY + timedelta(hours=2))),
        "soon": await desk.route(desk.request(due_at=IN_DAYS[3])),
        "later": await desk.route(desk.request(due_at=IN_DAYS[12])),
        "refund": await desk.route(desk.request(due_at=IN_DAYS[9], kind="reimbursement"), queue="manual"),
        "urgent": await desk.route(desk.request(due_at=TODAY, character="urgent")),
        "reviewed": await desk.route(
            desk.request(due_at=IN_DAYS[-2], character="urgent", state="ISSUED"), post_facto=True
        ),
    }
    return {name: line.id for name, line in ruled.items()}


class TestOrder:
    async def test_due_at_once_then_legal_time_left_then_reviews_after_care(self, desk: Desk) -> None:
        case = await a_mixed_queue(desk)
        order = ["urgent", "late", "today", "soon", "refund", "later", "reviewed"]
        assert await desk.queue() == [case[name] for name in order]

    async def test_urgency_says_why(self, desk: Desk) -> None:
        await a_mixed_queue(desk)
        said = [(line.urgency, line.business_days_left, line.overdue) for line in await pages(desk, 100)]
        assert said == [
            ("RED", None, False),
            ("RED", 0, True),
            ("ORANGE", 0, False),
            ("YELLOW", 2, False),
            ("BLUE", 6, False),
            ("GREEN", 9, False),
            ("BLUE", None, False),
        ]

    async def test_urgency_is_of_the_moment_one_looks(self, desk: Desk) -> None:
        line = await desk.route(desk.request(due_at=IN_DAYS[3]))
        assert line.urgency == "YELLOW"
        desk.clock.advance(timedelta(days=3, hours=1))
        assert (await desk.line_of(line.request_id)).urgency == "RED"

    async def test_days_are_those_on_the_operators_wall(self, desk: Desk) -> None:
        at_one_in_brasilia = TODAY + timedelta(hours=13)
        line = await desk.route(desk.request(due_at=at_one_in_brasilia + timedelta(days=2)))
        assert line.business_days_left == 2
        desk.identity.time_zone = "America/Rio_Branco"
        assert (await desk.line_of(line.request_id)).business_days_left == 1

    async def test_closed_cases_come_latest_first_and_are_urgent_to_nobody(self, desk: Desk) -> None:
        lines = [await desk.route(desk.request(due_at=IN_DAYS[n])) for n in (5, 1, -1)]
        for line in lines:
            desk.clock.advance(timedelta(minutes=1))
            await desk.cancel(line.request_id)
            await desk.work()
        closed = await pages(desk, 2, view="closed")
        assert [line.id for line in closed] == [line.id for line in reversed(lines)]
        assert [(line.urgency, line.overdue) for line in closed] == [("BLUE", True), ("BLUE", False), ("BLUE", False)]


class TestPages:
    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    async def test_pages_miss_nothing_and_repeat_nothing_where_terms_are_equal(self, desk: Desk, limit: int) -> None:
        for character in ("elective", "elective", "elective", "urgent", "elective", "urgent"):
            await desk.route(desk.request(due_at=IN_DAYS[5], character=character))
        found = [line.id for line in await pages(desk, limit)]
        assert found == await desk.queue()
        assert len(set(found)) == 6

    async def test_a_filter_fills_its_pages(self, desk: Desk) -> None:
        for n in (5, 12, 5, 12, 5, 12):
            await desk.route(desk.request(due_at=IN_DAYS[n]))
        page = await desk.audit.queue(desk.physician, CaseFilter(urgency="GREEN"), None, 4)
        assert (len(page.items), page.next_cursor is not None) == (4, True)

    @pytest.mark.parametrize("cursor", ["nonsense", "WyIxIiwgIjIiXQ", "WyJ4IiwgInkiLCAieiJd"])
    async def test_a_cursor_that_is_not_ours_is_refused(self, desk: Desk, cursor: str) -> None:
        with pytest.raises(Invalid) as refused:
            await desk.audit.queue(desk.physician, CaseFilter(), cursor, 10)
        assert refused.value.code == "pages.cursor"


class TestViews:
    async def test_each_view_shows_its_cases(self, desk: Desk) -> None:
        case = await a_mixed_queue(desk)
        expected = {
            "urgent": ["urgent"],
            "due_today": ["urgent", "late", "today"],
            "manual": ["refund"],
            "mine": [],
            "closed": [],
        }
        for view, names in expected.items():
            assert await desk.queue(view=view) == [case[name] for name in names]

    async def test_counts_agree_with_what_the_views_show(self, desk: Desk) -> None:
        case = await a_mixed_queue(desk)
        mine = (await desk.case(case["soon"])).case
        await desk.audit.assign(desk.physician, mine.id, to_me=True, version=mine.version)
        gone = (await desk.case(case["later"])).case
        await desk.cancel(gone.request_id)
        await desk.work()
        counts = (await desk.audit.counts(desk.physician)).model_dump()
        views: tuple[View, ...] = get_args(View)
        assert counts == {view: len(await desk.queue(view=view)) for view in views}
        assert (counts["all"], counts["mine"], counts["closed"]) == (6, 1, 1)

    async def test_cases_of_nobody_and_of_me(self, desk: Desk) -> None:
        mine, other, free = [await desk.route() for _ in range(3)]
        await desk.audit.assign(desk.physician, mine.id, to_me=True, version=mine.version)
        await desk.audit.assign(desk.nurse, other.id, to_me=True, version=other.version)
        assert await desk.queue(assigned="me") == [mine.id]
        assert await desk.queue(assigned="none") == [free.id]

    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        hours=st.lists(st.integers(-200, 400), min_size=1, max_size=6),
        queue=st.sampled_from(["medical", "manual"]),
        moved=st.integers(0, 150),
    )
    async def test_the_urgency_filter_finds_exactly_the_lines_of_that_urgency(
        self, desk: Desk, hours: list[int], queue: Any, moved: int
    ) -> None:
        for n in hours:
            await desk.route(desk.request(due_at=TODAY + timedelta(hours=n)), queue=queue)
        desk.clock.at = TODAY + timedelta(hours=moved)
        everything = [line for view in ("all", "closed") for line in await pages(desk, 100, view=view)]
        urgencies: tuple[Urgency, ...] = get_args(Urgency)
        for urgency in urgencies:
            found = await desk.queue(urgency=urgency) + await desk.queue(view="closed", urgency=urgency)
            assert found == [line.id for line in everything if line.urgency == urgency]


class TestSearch:
    async def test_by_number_its_end_protocol_and_procedure(self, desk: Desk) -> None:
        line, other = await desk.route(), await desk.route()
        for words in (line.number, "000001", line.protocol, f" {line.protocol} "):
            assert await desk.queue(words=words) == [line.id]
        assert await desk.queue(words="41101316") == [line.id, other.id]
        assert await desk.queue(words="999999") == []

    async def test_by_the_members_name_or_card(self, desk: Desk) -> None:
        iracema = await desk.route(desk.request("Iracema Figueira Sá"))
        await desk.route()
        assert await desk.queue(words="figueira") == [iracema.id]

    async def test_wildcards_are_letters(self, desk: Desk) -> None:
        await desk.route()
        assert await desk.queue(words="%") == []

    async def test_blank_words_narrow_nothing(self, desk: Desk) -> None:
        line = await desk.route()
        assert await desk.queue(words="  ") == [line.id]


class TestWhoSees:
    async def test_another_operators_cases_are_not_there(self, desk: Desk) -> None:
        await desk.route()
        stranger = staff(OperatorId(new_id()), "medical_auditor")
        assert (await desk.audit.queue(stranger, CaseFilter(), None, 10)).items == ()
        assert (await desk.audit.counts(stranger)).all == 0

    async def test_people_without_a_part_in_audit_see_no_queue(self, desk: Desk) -> None:
        for caller in (desk.person("Caio", "care_coordinator"), desk.person("Rita", "administrator")):
            with pytest.raises(Forbidden):
                await desk.audit.queue(caller, CaseFilter(), None, 10)
            with pytest.raises(Forbidden):
                await desk.audit.counts(caller)

    async def test_a_member_whose_data_was_erased_is_a_dash(self, desk: Desk) -> None:
        request = desk.prior_auth.put(desk.operator_id, a_request())
        line = await desk.route(request)
        assert (line.member.initials, line.member.card_end) == ("—", "—")


async def test_a_case_says_that_its_term_nears_its_end_and_nobodys_work_becomes_stale(desk: Desk) -> None:
    line = await desk.route()
    await desk.tell(a_prediction(line, "last_day"))
    await desk.work()
    escalated = await desk.line_of(line.request_id)
    assert (escalated.last_event.type, escalated.version) == ("escalated", line.version)
    timeline = (await desk.case(line.id)).timeline
    assert "Prazo legal: hoje é o último dia" in [entry.text.reveal() for entry in timeline]


async def test_a_case_after_care_and_a_request_without_a_case_are_not_escalated(desk: Desk) -> None:
    line = await desk.route(post_facto=True)
    unknown = line.model_copy(update={"request_id": RequestId(new_id())})
    await desk.tell(a_prediction(line, "immediate"), a_prediction(unknown, "immediate"))
    await desk.work()
    assert (await desk.line_of(line.request_id)).last_event.type == "opened"


def a_prediction(line: CaseLine, stage: Stage) -> BreachPredicted:
    return BreachPredicted(request_id=line.request_id, stage=stage, due_at=line.due_at, business_days_left=0)
