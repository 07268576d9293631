"""Decisions: who may release what, once, and what becomes of them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from austa.kernel.actors import Caller, Role
from austa.kernel.errors import AustaError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from austa.kernel.ids import CaseId, DocumentId, OperatorId, new_id
from austa.modules.medical_audit.api.cases import EvidencePin, ItemApproval
from austa.modules.medical_audit.domain.release import UNDO
from austa.modules.prior_auth.api.requests import DocumentView
from tests.conftest import staff
from tests.modules.medical_audit.below import ASKED_AT, an_item
from tests.modules.medical_audit.conftest import Desk, a_contact, a_decision, a_denial, an_opinion

AGAINST: list[dict[str, Any]] = [
    a_denial(),
    {**a_denial(), "outcome": "approve_in_part", "items": (ItemApproval(position=0, approved_quantity=1),)},
]


class TestWhoMayRelease:
    async def test_an_auditor_approves(self, desk: Desk) -> None:
        line = await desk.route()
        release = await desk.decide(line.id)
        assert (release.outcome, release.state, release.refusal) == ("approve", "releasing", None)
        assert release.released_by.name.reveal() == "Helena Prado"

    @pytest.mark.parametrize("decision", AGAINST, ids=["deny", "in part"])
    @pytest.mark.parametrize("role", ["medical_auditor", "nurse_auditor", "authorization_analyst"])
    async def test_only_the_director_decides_against_the_member(
        self, desk: Desk, decision: dict[str, Any], role: Role
    ) -> None:
        line = await desk.route()
        await desk.talk(line.id)
        await desk.opine(line.id, "unfavourable")
        with pytest.raises(Forbidden):
            await desk.decide(line.id, desk.person("Alguém", role), **decision)
        release = await desk.decide(line.id, desk.director, **decision)
        assert release.outcome == decision["outcome"]

    async def test_the_system_never_releases(self, desk: Desk) -> None:
        line = await desk.route()
        for name in ("medical_audit", "prior_auth"):
            with pytest.raises(Forbidden):
                await desk.audit.release(
                    Caller.system(desk.operator_id, name), "key-0001", a_decision(line.id, line.version)
                )
        assert (await desk.case(line.id)).release is None

    async def test_members_never_release(self, desk: Desk) -> None:
        line = await desk.route()
        member = Caller.member(desk.operator_id, line.member.id)
        with pytest.raises(Forbidden):
            await desk.audit.release(member, "key-0001", a_decision(line.id, line.version))

    async def test_another_operators_case_does_not_exist(self, desk: Desk) -> None:
        line = await desk.route()
        stranger = staff(OperatorId(new_id()), "technical_director")
        with pytest.raises(NotFound):
            await desk.audit.release(stranger, "key-0001", a_decision(line.id, line.version))


class TestWhatADecisionRestsOn:
    async def test_a_denial_names_all_that_it_lacks(self, desk: Desk) -> None:
        line = await desk.route()
        assert await lacking(desk, line.id, **a_denial()) == ("opinion", "requester_contact", "evidence")

    async def test_a_denial_rests_on_a_page_of_a_document(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.talk(line.id)
        await desk.audit.write_opinion(desk.physician, line.id, an_opinion("unfavourable"))
        assert await lacking(desk, line.id, **a_denial()) == ("evidence",)

    async def test_a_denial_rests_on_a_physician(self, desk: Desk) -> None:
        line = await desk.route(queue="nurse")
        await desk.talk(line.id)
        await desk.opine(line.id, "unfavourable", desk.nurse)
        assert await lacking(desk, line.id, **a_denial()) == ("physician_opinion",)

    async def test_a_reason_code_that_ans_closed_is_none(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.talk(line.id)
        await desk.opine(line.id, "unfavourable")
        assert await lacking(desk, line.id, **{**a_denial(), "reason_codes": ("1438",)}) == ("reason_codes",)

    async def test_the_case_tells_beforehand_what_a_denial_still_needs(self, desk: Desk) -> None:
        line = await desk.route()
        assert await groundwork(desk, line.id) == {
            "approve_in_part": ("opinion", "requester_contact", "evidence"),
            "deny": ("opinion", "requester_contact", "evidence"),
        }
        await desk.talk(line.id)
        await desk.opine(line.id, "unfavourable")
        assert await groundwork(desk, line.id) == {"approve_in_part": (), "deny": ()}
        await desk.opine(line.id, "favourable_in_part", desk.director)
        assert await groundwork(desk, line.id) == {"approve_in_part": (), "deny": ("opinion",)}

    async def test_where_no_denial_can_come_nothing_is_told_of_one(self, desk: Desk) -> None:
        line = await desk.route(post_facto=True)
        assert await groundwork(desk, line.id) == {}

    async def test_the_newest_opinion_counts(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.talk(line.id)
        await desk.opine(line.id, "unfavourable")
        await desk.opine(line.id, "favourable", desk.director)
        assert await lacking(desk, line.id, **a_denial()) == ("opinion",)

    async def test_a_talk_with_the_member_is_not_a_talk_with_the_requester(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.opine(line.id, "unfavourable")
        contact = a_contact(desk.clock.now(), with_whom="member")
        await desk.audit.add_contact(desk.physician, line.id, contact)
        assert await lacking(desk, line.id, **a_denial()) == ("requester_contact",)

    async def test_an_approval_in_part_says_which_part(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.talk(line.id)
        await desk.opine(line.id, "favourable_in_part")
        assert await lacking(desk, line.id, **{**a_denial(), "outcome": "approve_in_part"}) == ("items",)

    @pytest.mark.parametrize("missing", [(), ("  ",)])
    async def test_a_question_says_what_is_missing(self, desk: Desk, missing: tuple[str, ...]) -> None:
        line = await desk.route()
        assert await lacking(desk, line.id, outcome="request_information", missing=missing) == ("missing",)

    async def test_a_case_cannot_come_to_what_its_queue_does_not_know(self, desk: Desk) -> None:
        line = await desk.route()
        with pytest.raises(Invalid) as refused:
            await desk.decide(line.id, desk.director, **{**a_denial(), "outcome": "administrative_return"})
        assert refused.value.code == "medical_audit.outcome_not_here"


class TestOnce:
    async def test_the_same_key_gives_the_same_release(self, desk: Desk) -> None:
        line = await desk.route()
        asked = a_decision(line.id, line.version)
        first = await desk.audit.release(desk.physician, "key-0001", asked)
        again = await desk.audit.release(desk.physician, "key-0001", asked)
        assert again == first
        desk.clock.advance(UNDO)
        await desk.work()
        later = await desk.audit.release(desk.physician, "key-0001", asked)
        assert (later.id, later.state) == (first.id, "recorded")
        assert len(desk.prior_auth.decided) == 1

    async def test_the_same_key_with_another_decision_is_refused(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.audit.release(desk.physician, "key-0001", a_decision(line.id, line.version))
        other = a_decision(line.id, line.version, outcome="request_information", missing=("Laudo",))
        with pytest.raises(Conflict) as refused:
            await desk.audit.release(desk.physician, "key-0001", other)
        assert refused.value.code == "medical_audit.key_reused"

    async def test_two_people_may_come_with_the_same_key(self, desk: Desk) -> None:
        one, other = await desk.route(), await desk.route()
        await desk.decide(one.id, desk.physician, key="key-0001")
        await desk.decide(other.id, desk.director, key="key-0001")
        await desk.work()
        assert len(desk.prior_auth.decided) == 2

    async def test_a_decision_on_what_was_not_seen_is_refused(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.opine(line.id, "unfavourable")
        with pytest.raises(Conflict) as stale:
            await desk.audit.release(desk.physician, "key-0001", a_decision(line.id, line.version))
        assert stale.value.code == "medical_audit.stale_version"

    async def test_one_decision_is_on_its_way_at_a_time(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.decide(line.id)
        with pytest.raises(Conflict) as under_way:
            await desk.decide(line.id, desk.director, key="key-0002")
        assert under_way.value.code == "medical_audit.release_under_way"

    async def test_of_two_who_press_at_once_one_wins(self, desk: Desk) -> None:
        line = await desk.route()
        asked = a_decision(line.id, line.version)
        answers = await asyncio.gather(
            desk.audit.release(desk.physician, "key-0001", asked),
            desk.audit.release(desk.director, "key-0002", asked),
            return_exceptions=True,
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Release"]
        desk.clock.advance(UNDO)
        await desk.work()
        assert len(desk.prior_auth.decided) == 1


class TestTheWayDown:
    async def test_a_recorded_approval_closes_the_case(self, desk: Desk) -> None:
        line = await desk.route()
        release = await desk.decide(line.id)
        assert (await desk.case(line.id)).case.state == "releasing"
        await desk.work()
        view = await desk.case(line.id)
        assert view.release is not None
        assert (view.case.state, view.release.id, view.release.state) == ("closed", release.id, "recorded")

    async def test_prior_auth_gets_everything_the_decision_rests_on(self, desk: Desk) -> None:
        line = await desk.route(desk.request(items=(an_item(quantity=3),)))
        await desk.talk(line.id)
        pin = EvidencePin(document_id=DocumentId(new_id()), page=2)
        await desk.audit.write_opinion(desk.physician, line.id, an_opinion("favourable_in_part", (pin,)))
        part = {**AGAINST[1], "ground": None}
        release = await desk.decide(line.id, desk.director, **part)
        await desk.work()
        (decision,) = desk.prior_auth.decided.values()
        assert (decision.decision_id, decision.expected_version, decision.case_id) == (release.id, 5, line.id)
        assert (str(decision.released_by), decision.releaser_roles) == (desk.director.id, desk.director.roles)
        assert (decision.ground, decision.reason_codes) == ("clinical", ("3288",))
        assert [(item.position, item.approved_quantity) for item in decision.items] == [(0, 1)]
        assert decision.evidence == (f"{pin.document_id}#2",)
        (opinion,) = decision.opinions
        assert (opinion.council, opinion.uf, opinion.number) == ("CRM", "SP", "104233")
        assert opinion.conclusion == "favourable_in_part"
        assert [contact.with_requester for contact in decision.contacts] == [True]

    async def test_a_question_waits_for_its_answer(self, desk: Desk) -> None:
        line = await desk.route()
        asked = ("Laudo do raio X", "  ", "Data da queda ")
        release = await desk.decide(line.id, outcome="request_information", missing=asked)
        await desk.work()
        (decision,) = desk.prior_auth.decided.values()
        assert decision.missing == ("Laudo do raio X", "Data da queda")
        view = await desk.case(line.id)
        assert (view.case.state, release.missing) == ("waiting_information", asked)
        assert not [action for action in view.allowed_actions if action.startswith("decision:")]
        with pytest.raises(Conflict) as waits:
            await desk.decide(line.id, key="key-0002")
        assert waits.value.code == "medical_audit.waits_for_answer"

    async def test_a_refusal_comes_back_with_what_was_lacking_and_the_case_is_open_again(self, desk: Desk) -> None:
        line = await desk.route()
        desk.refuse(Invalid("prior_auth.decision_incomplete", "lacks", missing=("evidence", "legal_basis")))
        await desk.decide_against(line.id)
        await desk.work()
        view = await desk.case(line.id)
        assert view.release is not None
        assert (view.case.state, view.release.state) == ("open", "refused")
        assert (view.release.refusal, view.release.lacking) == (
            "prior_auth.decision_incomplete",
            ("evidence", "legal_basis"),
        )
        assert view.timeline[-1].text.reveal() == "Decisão não registrada (prior_auth.decision_incomplete)"
        desk.refuse(None)
        await desk.decide(line.id, desk.director, key="key-0002", **a_denial())
        await desk.work()
        assert (await desk.case(line.id)).case.state == "closed"

    @pytest.mark.parametrize(
        "error",
        [
            Conflict("prior_auth.stale_version", "changed", seen=5, current=6),
            Forbidden("prior_auth.release_refused", "left"),
            NotFound("identity.no_such_staff", "gone"),
        ],
    )
    async def test_what_cannot_heal_is_a_refusal(self, desk: Desk, error: AustaError) -> None:
        line = await desk.route()
        desk.refuse(error)
        await desk.decide(line.id)
        await desk.work()
        release = (await desk.case(line.id)).release
        assert release is not None
        assert (release.state, release.lacking) == ("refused", ())

    async def test_what_may_heal_is_tried_again(self, desk: Desk) -> None:
        line = await desk.route()
        desk.refuse(Unavailable("prior_auth.away", "not now"))
        await desk.decide(line.id)
        await desk.work()
        assert (await desk.case(line.id)).case.state == "releasing"
        desk.refuse(None)
        await desk.seal()
        assert (await desk.case(line.id)).case.state == "closed"

    async def test_the_release_is_sealed_when_the_ledger_proves_it(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.decide(line.id)
        await desk.work()
        await desk.seal()
        release = (await desk.case(line.id)).release
        assert release is not None
        assert release.state == "sealed"

    async def test_a_sealed_intention_is_not_a_recorded_decision(self, desk: Desk) -> None:
        line = await desk.route()
        desk.refuse(Conflict("prior_auth.stale_version", "changed", seen=5, current=6))
        await desk.decide(line.id)
        await desk.work()
        await desk.seal()
        release = (await desk.case(line.id)).release
        assert release is not None
        assert release.state == "refused"


class TestUndoing:
    async def test_for_ten_seconds_nothing_leaves(self, desk: Desk) -> None:
        line = await desk.route()
        release = await desk.press(line.id)
        assert (release.state, release.undo_seconds) == ("releasing", 10)
        desk.clock.advance(UNDO - timedelta(seconds=1))
        await desk.work()
        view = await desk.case(line.id)
        assert view.release is not None
        assert (view.case.state, view.release.state, view.release.undo_seconds) == ("releasing", "releasing", 1)
        assert (desk.prior_auth.decided, await left(desk)) == ({}, 0)
        with pytest.raises(NotFound):
            await desk.ledger.get_entry(desk.director, release.id)
        desk.clock.advance(timedelta(seconds=1))
        await desk.work()
        assert (len(desk.prior_auth.decided), await left(desk)) == (1, 1)
        (decision,) = desk.prior_auth.decided.values()
        assert decision.released_at == release.released_at, "the legal time is the press"

    async def test_whoever_released_undoes_and_the_case_is_open_again(self, desk: Desk) -> None:
        line = await desk.route()
        release = await desk.press(line.id)
        undone = [await desk.audit.undo(desk.physician, release.id) for _ in range(2)]
        assert [one.state for one in undone] == ["undone", "undone"]
        desk.clock.advance(UNDO)
        await desk.work()
        view = await desk.case(line.id)
        assert (view.case.state, view.release, desk.prior_auth.decided, await left(desk)) == ("open", None, {}, 0)
        await desk.decide(line.id, key="key-0002")
        await desk.work()
        assert (await desk.case(line.id)).case.state == "closed"

    async def test_nobody_undoes_what_another_released(self, desk: Desk) -> None:
        line = await desk.route()
        release = await desk.press(line.id)
        with pytest.raises(Forbidden) as refused:
            await desk.audit.undo(desk.director, release.id)
        assert refused.value.code == "medical_audit.not_your_release"

    async def test_what_has_left_is_not_undone(self, desk: Desk) -> None:
        line = await desk.route()
        release = await desk.decide(line.id)
        await desk.work()
        with pytest.raises(Conflict) as late:
            await desk.audit.undo(desk.physician, release.id)
        assert late.value.code == "medical_audit.too_late_to_undo"

    async def test_undoing_and_leaving_at_once_gives_one_of_both(self, desk: Desk) -> None:
        line = await desk.route()
        release = await desk.decide(line.id)
        await asyncio.gather(desk.audit.undo(desk.physician, release.id), desk.work(), return_exceptions=True)
        await desk.work()
        shown = (await desk.case(line.id)).release
        assert len(desk.prior_auth.decided) == (0 if shown is None else 1)

    @pytest.mark.parametrize("decision", AGAINST, ids=["deny", "in part"])
    async def test_a_decision_against_the_member_was_confirmed_and_does_not_wait(
        self, desk: Desk, decision: dict[str, Any]
    ) -> None:
        line = await desk.route(desk.request(items=(an_item(quantity=3),)))
        await desk.talk(line.id)
        await desk.opine(line.id, "unfavourable")
        release = await desk.press(line.id, desk.director, **decision)
        assert (release.state, release.undo_seconds) == ("recording", None)
        await desk.work()
        assert len(desk.prior_auth.decided) == 1

    async def test_the_case_is_locked_while_its_release_waits(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.press(line.id)
        view = await desk.case(line.id)
        assert not {"case:assign", "case:contact", "opinion:write"} & set(view.allowed_actions)
        for act in (
            lambda: desk.talk(line.id),
            lambda: desk.opine(line.id, "favourable", desk.director),
            lambda: desk.audit.assign(desk.physician, line.id, to_me=True, version=view.case.version),
        ):
            with pytest.raises(Conflict) as locked:
                await act()
            assert locked.value.code == "medical_audit.release_under_way"

    @pytest.mark.parametrize(
        "change",
        [
            {"version": 6},
            {"documents": (DocumentView(kind="report", document_id=None, added_at=ASKED_AT),)},
        ],
        ids=["a step", "a paper"],
    )
    async def test_a_release_gives_way_when_the_request_changed(self, desk: Desk, change: dict[str, Any]) -> None:
        line = await desk.route()
        await desk.press(line.id)
        request = desk.prior_auth.views[desk.operator_id, line.request_id]
        desk.prior_auth.put(desk.operator_id, request.model_copy(update=change))
        desk.clock.advance(UNDO)
        await desk.work()
        view = await desk.case(line.id)
        assert view.release is not None
        assert (view.case.state, view.release.state, view.release.refusal) == (
            "open",
            "refused",
            "medical_audit.case_changed",
        )
        assert (desk.prior_auth.decided, await left(desk)) == ({}, 0)

    async def test_a_request_given_up_meanwhile_closes_the_case_and_nothing_leaves(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.press(line.id)
        await desk.cancel(line.request_id)
        await desk.work()
        desk.clock.advance(UNDO)
        await desk.work()
        view = await desk.case(line.id)
        assert view.release is not None
        assert (view.case.state, view.release.state, await left(desk)) == ("closed", "refused", 0)

    async def test_a_new_round_meanwhile_opens_the_case_and_nothing_leaves(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.press(line.id)
        await desk.route(desk.prior_auth.views[desk.operator_id, line.request_id], round_=2)
        desk.clock.advance(UNDO)
        await desk.work()
        assert ((await desk.case(line.id)).case.state, await left(desk)) == ("open", 0)


async def left(desk: Desk) -> int:
    """How many decisions of this operator anybody outside can have heard of."""
    async with desk.platform.database.begin("austa_medical_audit", desk.operator_id) as connection:
        told = sa.text("select count(*) from outbox.event where type = 'medical_audit.decision_released.v1'")
        return int((await connection.execute(told)).scalar_one())


class TestWhatHappensMeanwhile:
    async def test_a_request_cancelled_while_its_decision_is_on_its_way_closes_the_case(self, desk: Desk) -> None:
        line = await desk.route()
        desk.refuse(Conflict("prior_auth.transition_refused", "cancelled"))
        await desk.decide(line.id)
        await desk.work(without="record_decision")
        await desk.cancel(line.request_id)
        await desk.work(without="record_decision")
        assert (await desk.case(line.id)).case.state == "releasing"
        await desk.work()
        view = await desk.case(line.id)
        assert view.release is not None
        assert (view.case.state, view.release.state) == ("closed", "refused")

    async def test_an_answer_that_came_before_the_question_was_settled_is_not_lost(self, desk: Desk) -> None:
        line = await desk.route()
        await desk.decide(line.id, outcome="request_information", missing=("Laudo",))
        request = desk.prior_auth.views[desk.operator_id, line.request_id]
        (record,) = [handler for handler in desk.handlers if "record_decision" in handler.name]
        desk.handlers.remove(record)
        await desk.work()
        await desk.route(request, round_=2)
        desk.handlers.append(record)
        await desk.work()
        view = await desk.case(line.id)
        assert (view.case.state, view.release) == ("open", None)
        assert len(desk.prior_auth.decided) == 1


async def lacking(desk: Desk, case_id: CaseId, **decision: Any) -> tuple[str, ...]:
    """What a decision is told to lack."""
    with pytest.raises(Invalid) as refused:
        await desk.decide(case_id, desk.director, **decision)
    assert refused.value.code == "medical_audit.decision_incomplete"
    names = refused.value.details["lacking"]
    assert isinstance(names, tuple)
    return names


async def groundwork(desk: Desk, case_id: CaseId) -> dict[str, tuple[str, ...]]:
    return {one.outcome: one.lacking for one in (await desk.case(case_id)).groundwork}
