"""After the answer: reanalysis, complaint to ANS, court order, extension."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from pydantic import ValidationError

from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import AustaError, Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import MemberId, PrincipalId, ProviderId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity
from austa.modules.prior_auth.api.access import AccessWork, NoAppointmentFound
from austa.modules.prior_auth.api.guides import ReplacedGuide
from austa.modules.prior_auth.api.requests import AskedItem, ItemDecision
from austa.modules.prior_auth.api.reviews import ComplaintReceived, ExtensionAsked, OrderReceived, ReanalysisAsked
from austa.modules.prior_auth.module import build_clocks, build_reviews
from austa.modules.prior_auth.service.reviews import ReviewService
from austa.modules.privacy.api import Privacy
from tests.conftest import TODAY, clerk, staff
from tests.fakes.privacy import FakePrivacy
from tests.modules.prior_auth.house import CHEMOTHERAPY, House, asked
from tests.modules.prior_auth.releases import an_opinion

LAWSUIT = "0001234-03.2026.8.26.0100"
AGAIN = ReanalysisAsked(reason=Personal("Meu médico mandou outro relatório."))


@pytest.fixture
def privacy() -> FakePrivacy:
    return FakePrivacy()


@pytest.fixture
def reviews(house: House, privacy: FakePrivacy) -> ReviewService:
    return build_reviews(house.platform, house.service, privacy=cast(Privacy, privacy))[0]


def member(house: House) -> Caller:
    return Caller.member(house.system.operator_id, house.member)


def director(house: House) -> PrincipalId:
    return house.world.identity.hire("technical_director")


async def denied(house: House, outcome: Any = "deny", **changes: Any) -> RequestId:
    request_id = await house.ask(**CHEMOTHERAPY)
    await house.release(request_id, outcome, director(house), **changes)
    return request_id


async def in_part(house: House) -> RequestId:
    return await denied(house, "approve_in_part", items=(ItemDecision(position=0, approved_quantity=1),))


def worker(house: House, *roles: Any) -> Caller:
    """Somebody of the staff, known to `identity`."""
    person = house.world.identity.hire(*roles)
    return Caller(operator_id=house.system.operator_id, kind="staff", id=str(person), roles=frozenset(roles))


class TestReanalysis:
    async def test_the_member_asks_and_a_person_looks_again_within_seven_business_days(
        self, house: House, reviews: ReviewService
    ) -> None:
        request_id = await denied(house)
        status = await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        await house.settle()
        request = await house.see(request_id)
        assert (request.state, request.reopened, request.clock.business_days) == ("REANALYSIS", "reanalysis", 7)
        assert request.due_at.date().isoformat() == "2026-12-02"
        assert status.text == "A ouvidoria está olhando o seu pedido de novo. Ela responde até 01/12/2026."
        routed = (await house.events("request_routed"))[-1]
        assert (routed["queue"], routed["routes"], routed["round"]) == ("medical", ["REA01"], 2)
        assert house.world.notifications.templates[-1] == "authorization_in_review"

    async def test_asking_twice_changes_nothing(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        for _ in range(2):
            await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        with pytest.raises(Conflict) as refused:
            await reviews.reanalyse(member(house), "r-2", request_id, AGAIN)
        assert refused.value.code == "prior_auth.transition_refused"

    async def test_of_two_at_once_one_opens_it(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        answers = await asyncio.gather(
            *(reviews.reanalyse(member(house), f"r-{n}", request_id, AGAIN) for n in range(3)), return_exceptions=True
        )
        assert sorted(type(one).__name__ for one in answers) == ["Conflict", "Conflict", "RequestStatus"]

    async def test_it_is_reversed_and_the_guide_is_issued(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        record = await house.release(request_id, "approve", director(house), "release-2")
        assert (record.state, record.guide is not None) == ("ISSUED", True)

    async def test_it_is_upheld_by_another_person_on_a_new_opinion(
        self, house: House, reviews: ReviewService, clock: SetClock
    ) -> None:
        first = director(house)
        request_id = await house.ask(**CHEMOTHERAPY)
        await house.release(request_id, "deny", first)
        clock.advance(timedelta(hours=1))
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        with pytest.raises(Forbidden):
            await house.release(request_id, "deny", first, "release-2")
        with pytest.raises(Invalid) as old:
            await house.release(request_id, "deny", director(house), "release-3")
        assert old.value.details["missing"] == ("physician_opinion",)
        new = (an_opinion(written_at=clock.now()),)
        assert (await house.release(request_id, "deny", director(house), "release-4", opinions=new)).state == "DENIED"

    async def test_a_part_is_looked_at_again(self, house: House, reviews: ReviewService) -> None:
        request_id = await in_part(house)
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        assert (await house.see(request_id)).state == "REANALYSIS"

    async def test_a_guide_that_holds_meanwhile_does_not_end_by_a_misunderstanding(
        self, house: House, reviews: ReviewService
    ) -> None:
        request_id = await in_part(house)
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        with pytest.raises(Conflict) as refused:
            await house.service.cancel(member(house), request_id, "asked_by_member")
        assert refused.value.code == "prior_auth.guide_would_end"
        held = (await house.see(request_id)).guides[-1]
        assert (held.standing, refused.value.details["guide"]) == ("valid", held.number)
        await house.service.cancel(member(house), request_id, "asked_by_member", and_guide=True)
        assert (await house.see(request_id)).guides[-1].standing == "cancelled"

    async def test_where_no_guide_holds_giving_up_needs_no_second_word(
        self, house: House, reviews: ReviewService
    ) -> None:
        request_id = await denied(house)
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        await house.service.cancel(member(house), request_id, "asked_by_member")
        assert (await house.see(request_id)).state == "CANCELLED"

    async def test_what_was_approved_whole_is_not(self, house: House, reviews: ReviewService) -> None:
        request_id = await house.ask()
        with pytest.raises(Conflict):
            await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)

    async def test_a_stale_version_is_refused(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        with pytest.raises(Conflict) as stale:
            await reviews.reanalyse(member(house), "r-1", request_id, AGAIN.model_copy(update={"expected_version": 2}))
        assert stale.value.code == "prior_auth.stale_version"

    async def test_to_another_member_there_is_no_such_request(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        stranger = Caller.member(house.system.operator_id, MemberId(new_id()))
        with pytest.raises(NotFound):
            await reviews.reanalyse(stranger, "r-1", request_id, AGAIN)

    async def test_the_record_of_response_times_keeps_the_first_term(
        self, house: House, reviews: ReviewService, clock: SetClock
    ) -> None:
        request_id = await denied(house)
        clock.advance(timedelta(days=30))
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        day = TODAY.date()
        kept = await build_clocks(house.platform, identity=cast(Identity, house.world.identity))[0].response_times(
            staff(house.system.operator_id, "administrator"), day, day
        )
        (one,) = kept.classes
        assert (one.term_days, one.answered_in_term, one.longest_days) == (5, 1, 0)


class TestGuides:
    """One guide a request: what a review allows beyond it takes its place."""

    async def test_a_part_that_becomes_the_whole_replaces_its_guide(self, house: House, reviews: ReviewService) -> None:
        request_id = await in_part(house)
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        record = await house.release(request_id, "approve", director(house), "release-2")
        request = await house.see(request_id)
        first, second = request.guides
        assert (first.standing, first.replaced_by, first.reason) == ("replaced", second.number, "reanalysis")
        assert (second.standing, second.number) == ("valid", record.guide.number)
        assert record.guide.replaces == ReplacedGuide(
            number=first.number, valid_until=first.valid_until, reason="reanalysis"
        )
        assert (request.tiss_status, request.items[0].approved_quantity) == (1, None)
        status = await house.service.status(member(house), request_id)
        assert status.guide_number == second.number
        assert status.text.endswith(f"Use só a guia {second.number}. A guia {first.number} não vale mais.")
        template, values = list(house.world.notifications.messages.values())[-1]
        assert (template, values["replaced"]) == ("authorization_guide_replaced", first.number)

    async def test_an_upheld_part_keeps_its_guide(self, house: House, reviews: ReviewService, clock: SetClock) -> None:
        request_id = await in_part(house)
        clock.advance(timedelta(days=3))
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        during = await house.service.status(member(house), request_id)
        assert (during.tiss_status, during.guide_number) == (7, (await house.see(request_id)).guides[0].number)
        assert "Enquanto isso, você pode usar a guia" in during.text
        same = (ItemDecision(position=0, approved_quantity=1),)
        record = await house.release(
            request_id,
            "approve_in_part",
            director(house),
            "release-2",
            items=same,
            opinions=(an_opinion(written_at=clock.now()),),
        )
        request = await house.see(request_id)
        assert (record.state, record.guide) == ("ISSUED", None)
        assert [guide.standing for guide in request.guides] == ["valid"]
        clock.advance(timedelta(days=40))
        await house.settle()
        assert (await house.see(request_id)).state == "EXPIRED"

    async def test_no_review_takes_away_what_a_guide_allows(
        self, house: House, reviews: ReviewService, clock: SetClock
    ) -> None:
        request_id = await in_part(house)
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        clock.advance(timedelta(hours=1))
        new = (an_opinion(written_at=clock.now()),)
        with pytest.raises(Invalid) as refused:
            await house.release(request_id, "deny", director(house), "release-2", opinions=new)
        assert refused.value.code == "prior_auth.guide_still_valid"
        clock.advance(timedelta(days=40))
        assert (await house.release(request_id, "deny", director(house), "release-3", opinions=new)).state == "DENIED"

    async def test_what_ended_meanwhile_is_issued_anew(
        self, house: House, reviews: ReviewService, clock: SetClock
    ) -> None:
        request_id = await in_part(house)
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        clock.advance(timedelta(days=40))
        await house.release(request_id, "approve", director(house), "release-2")
        assert [guide.standing for guide in (await house.see(request_id)).guides] == ["ended", "valid"]


class TestComplaint:
    async def test_a_physician_looks_again(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        version = (await house.see(request_id)).version
        ombudsman = worker(house, "ombudsman")
        received = ComplaintReceived(number=Personal("20269900001"), expected_version=version)
        await reviews.complain(ombudsman, "n-1", request_id, received)
        request = await house.see(request_id)
        assert (request.state, request.reopened, request.clock.business_days) == ("REGULATOR_NIP", "complaint", 5)

    async def test_an_open_request_keeps_the_shorter_term(self, house: House, reviews: ReviewService) -> None:
        request_id = await house.ask(**CHEMOTHERAPY)
        before = await house.see(request_id)
        received = ComplaintReceived(number=Personal("20269900001"), expected_version=before.version)
        await reviews.complain(worker(house, "ombudsman"), "n-1", request_id, received)
        assert (await house.see(request_id)).due_at <= before.due_at

    async def test_members_register_none(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        with pytest.raises(Forbidden):
            await reviews.complain(
                member(house), "n-1", request_id, ComplaintReceived(number=Personal("1"), expected_version=1)
            )


class TestCourtOrder:
    @pytest.mark.parametrize("asked", ["open", "denied", "in part"])
    async def test_it_is_obeyed_at_once(self, house: House, reviews: ReviewService, asked: str) -> None:
        open_ = house.ask(**CHEMOTHERAPY) if asked == "open" else None
        request_id = await (open_ or (denied(house) if asked == "denied" else in_part(house)))
        order = OrderReceived(court_case=LAWSUIT, expected_version=(await house.see(request_id)).version)
        analyst = worker(house, "authorization_analyst")
        records = [await reviews.obey(analyst, "o-1", request_id, order) for _ in range(2)]
        assert records[0].decision_id == records[1].decision_id
        request = await house.see(request_id)
        assert (request.state, request.reopened) == ("ISSUED", "order")
        assert [entry.state for entry in request.history[-3:]] == ["COURT_ORDER", "APPROVED", "ISSUED"]
        assert request.decisions[-1].legal_basis == f"Ordem judicial, processo nº {LAWSUIT}"
        assert [guide.standing for guide in request.guides].count("valid") == 1

    async def test_a_number_with_wrong_check_digits_is_no_lawsuit(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        wrong = OrderReceived(court_case="0001234-56.2026.8.26.0100", expected_version=1)
        with pytest.raises(AustaError) as refused:
            await reviews.obey(worker(house, "technical_director"), "o-1", request_id, wrong)
        assert refused.value.code == "prior_auth.court_case_wrong"


class TestExtension:
    async def test_it_is_a_request_of_its_own_that_names_the_guide(self, house: House, reviews: ReviewService) -> None:
        parent = await house.ask()
        asked = ExtensionAsked(items=(AskedItem(tuss="40304361", quantity=2),), documents=())
        receipt = await reviews.extend(house.system, "e-1", parent, asked)
        assert receipt.state == "EXTENSION_REQUESTED"
        await house.settle()
        child = await house.see(receipt.request_id)
        assert child.request_id != parent
        assert [entry.state for entry in child.history[:2]] == ["EXTENSION_REQUESTED", "ELIGIBILITY_CHECK"]

    async def test_what_has_no_guide_is_not_extended(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        with pytest.raises(Conflict) as refused:
            await reviews.extend(house.system, "e-1", request_id, ExtensionAsked(items=(AskedItem(tuss="40304361"),)))
        assert refused.value.code == "prior_auth.nothing_to_extend"

    async def test_daily_rates_stay_daily_rates(self, house: House, reviews: ReviewService) -> None:
        """Table 18 of TUSS: who asks again names the code alone."""
        parent = await house.ask(items=(AskedItem(tuss="40304361"), AskedItem(tuss="60000694", table="18")))
        record = await house.release(parent, "approve", director(house))
        assert record.guide
        receipt = await reviews.extend(house.system, "e-1", parent, ExtensionAsked(items=(AskedItem(tuss="60000694"),)))
        assert [item.table for item in (await house.see(receipt.request_id)).items] == ["18"]


class TestWhatMayComeNext:
    """`book`: what each person may start, which is what their doors then take."""

    async def test_after_a_denial(self, house: House, reviews: ReviewService) -> None:
        request_id = await denied(house)
        by_role = {
            "ombudsman": ("reanalyse", "complain"),
            "authorization_analyst": ("reanalyse", "complain", "obey"),
            "nurse_auditor": ("reanalyse",),
            "data_protection_officer": (),
        }
        for role, acts in by_role.items():
            assert (await reviews.book(worker(house, role), request_id)).may == acts, role
        assert (await reviews.book(member(house), request_id)).may == ("reanalyse",)

    async def test_after_an_approval_care_goes_on(self, house: House, reviews: ReviewService) -> None:
        request_id = await house.ask()
        assert (await reviews.book(worker(house, "authorization_analyst"), request_id)).may == ("extend",)

    async def test_while_it_is_looked_at_again_only_what_comes_from_outside(
        self, house: House, reviews: ReviewService
    ) -> None:
        request_id = await denied(house)
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        assert (await reviews.book(worker(house, "authorization_analyst"), request_id)).may == ("complain", "obey")
        assert (await reviews.book(member(house), request_id)).may == ()

    async def test_staff_read_the_words_and_the_look_is_written_down(
        self, house: House, reviews: ReviewService, privacy: FakePrivacy
    ) -> None:
        request_id = await denied(house)
        assert (await reviews.book(worker(house, "medical_auditor"), request_id)).reviews == ()
        assert privacy.looks == []
        await reviews.reanalyse(member(house), "r-1", request_id, AGAIN)
        auditor = worker(house, "medical_auditor")
        (review,) = (await reviews.book(auditor, request_id)).reviews
        assert (review.kind, review.by, review.written) == ("reanalysis", member(house).actor, AGAIN.reason)
        assert [(actor, what) for actor, _, what in privacy.looks] == [(auditor.actor, "authorization")]


class TestTheProvider:
    """A clerk acts for the patient, on what is their provider's."""

    async def test_asks_again_for_its_patient(self, house: House, reviews: ReviewService) -> None:
        hospital = ProviderId(new_id())
        ours, theirs = clerk(house.system.operator_id, hospital), clerk(house.system.operator_id, ProviderId(new_id()))
        house.world.members.confirmations |= {(hospital, house.member)}
        wanted = asked(house.member, channel="portal", asked_at=None, **CHEMOTHERAPY)
        request_id = (await house.service.request(ours, "desk-1", wanted)).request_id
        await house.settle()
        await house.release(request_id, "deny", director(house))
        assert (await reviews.book(ours, request_id)).may == ("reanalyse",)
        with pytest.raises(NotFound):
            await reviews.book(theirs, request_id)
        with pytest.raises(NotFound):
            await reviews.reanalyse(theirs, "r-1", request_id, AGAIN)
        assert (await reviews.reanalyse(ours, "r-2", request_id, AGAIN)).state == "REANALYSIS"
        assert (await reviews.book(ours, request_id)).reviews == ()

    async def test_goes_on_from_its_guide_once_it_saw_the_card(self, house: House, reviews: ReviewService) -> None:
        hospital = ProviderId(new_id())
        ours = clerk(house.system.operator_id, hospital)
        request_id = await house.ask(provider_id=hospital)
        more = ExtensionAsked(items=(AskedItem(tuss="40304361"),))
        assert (await reviews.book(ours, request_id)).may == ("extend",)
        with pytest.raises(Invalid) as refused:
            await reviews.extend(ours, "e-1", request_id, more)
        assert refused.value.code == "prior_auth.member_not_confirmed"
        house.world.members.confirmations |= {(hospital, house.member)}
        child = await house.see((await reviews.extend(ours, "e-2", request_id, more)).request_id)
        assert (child.channel, child.provider_id) == ("portal", hospital)


@pytest.mark.parametrize(
    "said",
    [
        lambda text: ReanalysisAsked(reason=text),
        lambda text: ComplaintReceived(number=text, expected_version=1),
        lambda text: NoAppointmentFound(words=text),
        lambda text: AccessWork(act="note", expected_version=1, text=text),
    ],
)
def test_what_is_written_down_has_an_end(said: Callable[[Personal], object]) -> None:
    assert said(Personal("x" * 60))
    with pytest.raises(ValidationError) as refused:
        said(Personal("segredo " * 1_000))
    assert "segredo" not in str(refused.value)
