"""With the real `prior_auth` below: what a person releases here is kept there, and its answers come back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Forbidden
from austa.kernel.ids import DocumentId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.documents.api import Documents
from austa.modules.fraud import module as fraud_module
from austa.modules.identity.api import Identity
from austa.modules.ledger import module as ledger_module
from austa.modules.medical_audit import module as medical_audit_module
from austa.modules.medical_audit.api.cases import CaseEnding, CaseLine, EvidencePin, ForwardAsked
from austa.modules.members.api import Members
from austa.modules.prior_auth import module as prior_auth_module
from austa.modules.prior_auth.api.requests import AskedItem, AttachedDocument, IndicationFact, PriorAuth
from austa.modules.prior_auth.api.reviews import OrderReceived, ReanalysisAsked
from austa.modules.privacy import module as privacy_module
from austa.modules.providers.api import Providers
from tests.conftest import deliver
from tests.modules.medical_audit.conftest import Desk, a_denial, an_opinion
from tests.modules.prior_auth.cases import a_member
from tests.modules.prior_auth.house import CHEMOTHERAPY, asked
from tests.modules.prior_auth.test_reviews import LAWSUIT
from tests.modules.prior_auth.world import World

CATARACT: dict[str, Any] = {
    "items": (AskedItem(tuss="30306027", laterality="right"),),
    "documents": tuple(AttachedDocument(kind=kind) for kind in ("order", "finding", "exam")),
    "facts": (IndicationFact(name="biometry", value=True),),
}
"""What a nurse reviews."""


class WholeDesk:
    """The desk above a real `prior_auth`, whose own neighbours are stand-ins."""

    def __init__(self, desk: Desk, platform: Platform) -> None:
        world = World(desk.operator_id)
        below = cast(dict[str, Any], {name: getattr(world, name) for name in World.__dataclass_fields__})
        del below["operator_id"]
        privacy, _ = privacy_module.build(platform)
        below["privacy"] = privacy
        fraud, _ = fraud_module.build(
            platform,
            **{name: below[name] for name in ("documents", "identity", "members", "providers", "privacy")},
        )
        self.prior_auth, of_prior_auth = prior_auth_module.build(platform, fraud=fraud, **below)
        ledger, of_ledger = ledger_module.build(platform)
        platform.database.routes.clear()  # the desk's own handlers rest on the stand-in
        audit, of_audit = medical_audit_module.build(
            platform,
            prior_auth=cast(PriorAuth, self.prior_auth),
            clocks=prior_auth_module.build_clocks(platform, identity=cast(Identity, desk.identity))[0],
            members=cast(Members, desk.members),
            providers=cast(Providers, desk.providers),
            privacy=privacy,
            ledger=ledger,
            identity=cast(Identity, desk.identity),
        )
        boards, of_boards = prior_auth_module.build_boards(platform, identity=below["identity"])
        self.boards, self.tiebreakers, self.tiebreaks, of_case_boards = medical_audit_module.build_boards(
            platform,
            boards=boards,
            prior_auth=cast(PriorAuth, self.prior_auth),
            documents=cast(Documents, world.documents),
            members=cast(Members, desk.members),
            providers=cast(Providers, desk.providers),
            privacy=privacy,
            identity=cast(Identity, desk.identity),
        )
        parts = (of_prior_auth, of_audit, of_ledger, of_boards, of_case_boards)
        handlers = deliver(platform, [handler for part in parts for handler in part.handlers])
        self.desk = replace(desk, audit=audit, handlers=handlers)
        self.world = world
        self.system = Caller.system(desk.operator_id, "chat")
        for caller in (self.desk.physician, self.desk.director, self.desk.nurse, self.desk.analyst):
            person = desk.identity.staff[desk.operator_id, caller.principal_id]
            world.identity.staff[caller.principal_id] = person

    async def ask(self, what: dict[str, Any] = CHEMOTHERAPY) -> CaseLine:
        """A request that only a person may answer, a physician by default, and its case."""
        member = self.desk.members.put(self.desk.operator_id, "Sílvia Rocha Menegotto")
        self.world.members.facts[member.id] = a_member(member_id=member.id)
        receipt = await self.prior_auth.request(self.system, "key-1", asked(member.id, **what))
        await self.desk.work()
        return await self.desk.line_of(receipt.request_id)

    async def state(self, request_id: RequestId) -> str:
        return (await self.prior_auth.get(self.system, request_id)).state


@pytest.fixture
def whole(desk: Desk, platform: Platform) -> WholeDesk:
    return WholeDesk(desk, platform)


async def test_an_approval_issues_the_guide(whole: WholeDesk) -> None:
    line = await whole.ask()
    assert line.route_reasons[0].label
    await whole.desk.decide(line.id)
    await whole.desk.work()
    view = await whole.desk.case(line.id)
    assert view.release is not None
    assert view.ending is None  # its own decision did it
    assert (view.release.state, view.release.refusal) == ("recorded", None)
    (kept,) = view.request.decisions
    assert (kept.decision_id, kept.guide is not None) == (view.release.id, True)


async def test_a_denial_with_everything_is_kept(whole: WholeDesk) -> None:
    line = await whole.ask()
    await whole.desk.talk(line.id)
    pin = EvidencePin(document_id=DocumentId(new_id()), page=1)
    await whole.desk.audit.write_opinion(whole.desk.physician, line.id, an_opinion("unfavourable", (pin,)))
    await whole.desk.decide(line.id, whole.desk.director, **a_denial())
    await whole.desk.work()
    release = (await whole.desk.case(line.id)).release
    assert release is not None
    assert (release.state, release.refusal, release.lacking) == ("recorded", None, ())
    assert await whole.state(line.request_id) == "DENIED"


async def test_a_denial_without_a_legal_basis_comes_back_with_what_it_lacks(whole: WholeDesk) -> None:
    line = await whole.ask()
    await whole.desk.decide_against(line.id, legal_basis="Lei")
    await whole.desk.work()
    view = await whole.desk.case(line.id)
    assert view.release is not None
    assert (view.case.state, view.release.refusal) == ("open", "prior_auth.decision_incomplete")
    assert view.release.lacking == ("legal_basis",)


async def test_a_question_is_answered_and_the_case_is_open_again(whole: WholeDesk) -> None:
    line = await whole.ask()
    text = "Falta o laudo da biópsia. Envie uma foto por aqui, por favor. O prazo continua correndo."
    await whole.desk.decide(line.id, outcome="request_information", missing=("Laudo da biópsia",), text_to_member=text)
    await whole.desk.work()
    assert await whole.state(line.request_id) == "PENDING_JUSTIFICATION"
    assert (await whole.desk.case(line.id)).case.state == "waiting_information"
    await whole.prior_auth.add_documents(whole.system, line.request_id, (AttachedDocument(kind="report"),))
    await whole.desk.work()
    view = await whole.desk.case(line.id)
    assert (view.case.state, view.case.route_reasons[0].label) == ("open", "resposta chegou")
    await whole.desk.decide(line.id, key="key-0002")
    await whole.desk.work()
    assert await whole.state(line.request_id) == "ISSUED"


async def test_a_nurse_forwards_to_a_physician_who_decides(whole: WholeDesk) -> None:
    line = await whole.ask(CATARACT)
    assert (line.queue, await whole.state(line.request_id)) == ("nurse", "IN_NURSE_REVIEW")
    asked = ForwardAsked(reason=Personal("Lente tórica: a indicação é médica."), version=line.version)
    await whole.desk.audit.forward(whole.desk.nurse, line.id, asked)
    await whole.desk.work()
    view = await whole.desk.case(line.id)
    assert (view.request.state, view.request.queue) == ("IN_MEDICAL_AUDIT", "medical")
    assert view.request.history[-1].transition == "forward_medical"
    # Carried twice, it changes nothing.
    nurse = whole.desk.nurse.principal_id
    await whole.prior_auth.forward(whole.system, line.request_id, 1, nurse)
    assert (await whole.desk.case(line.id)).request.version == view.request.version
    await whole.desk.decide(line.id)
    await whole.desk.work()
    assert await whole.state(line.request_id) == "ISSUED"


async def test_prior_auth_takes_a_forward_from_nobody_without_the_power(whole: WholeDesk) -> None:
    line = await whole.ask(CATARACT)
    for person in (whole.desk.analyst, whole.desk.physician):
        with pytest.raises(Forbidden):
            await whole.prior_auth.forward(whole.system, line.request_id, 1, person.principal_id)
    with pytest.raises(Forbidden):
        await whole.prior_auth.forward(whole.desk.physician, line.request_id, 1, whole.desk.nurse.principal_id)
    with pytest.raises(Conflict):
        await whole.prior_auth.forward(whole.system, line.request_id, 7, whole.desk.nurse.principal_id)
    assert await whole.state(line.request_id) == "IN_NURSE_REVIEW"


async def test_a_cancelled_request_closes_the_case(whole: WholeDesk) -> None:
    line = await whole.ask()
    member = Caller.member(whole.system.operator_id, line.member.id)
    await whole.prior_auth.cancel(member, line.request_id, "asked_by_member")
    await whole.desk.work()
    view = await whole.desk.case(line.id)
    assert view.ending is not None
    assert (view.case.state, view.ending.by, view.ending.person) == ("closed", "cancellation", Personal("Beneficiário"))


async def test_a_denial_is_looked_at_again_by_another_person_on_a_new_opinion(
    whole: WholeDesk, platform: Platform
) -> None:
    line = await whole.ask()
    await whole.desk.decide_against(line.id)
    await whole.desk.work()
    reviews, _ = prior_auth_module.build_reviews(platform, whole.prior_auth, privacy=whole.desk.privacy)
    member = Caller.member(whole.system.operator_id, line.member.id)
    whole.desk.clock.advance(timedelta(hours=1))
    await reviews.reanalyse(member, "again-1", line.request_id, ReanalysisAsked())
    await whole.desk.work()
    view = await whole.desk.case(line.id)
    assert (view.case.state, view.request.state, view.release) == ("open", "REANALYSIS", None)
    assert [reason.label for reason in view.case.route_reasons] == ["reanálise"]
    assert {work.outcome: work.lacking[0] for work in view.groundwork} == {
        "deny": "opinion",
        "approve_in_part": "opinion",
    }
    await whole.desk.decide(line.id, whole.desk.physician, "key-0002")
    await whole.desk.work()
    assert await whole.state(line.request_id) == "ISSUED"


class TestAnsweredUnderTheAuditorsHands:
    """A court orders while the physician writes: from the order on, before the case itself hears of it, nothing is
    taken that can come to nothing."""

    @pytest.fixture
    async def ordered(self, whole: WholeDesk, platform: Platform) -> CaseLine:
        line = await whole.ask()
        reviews, _ = prior_auth_module.build_reviews(platform, whole.prior_auth, privacy=whole.desk.privacy)
        version = (await whole.desk.case(line.id)).request.version
        order = OrderReceived(court_case=LAWSUIT, expected_version=version)
        await reviews.obey(whole.desk.director, "order-1", line.request_id, order)
        return line

    async def test_no_opinion_and_no_decision_are_taken(self, whole: WholeDesk, ordered: CaseLine) -> None:
        with pytest.raises(Conflict) as opinion:
            await whole.desk.opine(ordered.id, "favourable")
        with pytest.raises(Conflict) as release:
            await whole.desk.decide(ordered.id)
        assert {opinion.value.code, release.value.code} == {"medical_audit.request_answered"}

    async def test_the_case_offers_none_and_says_what_ended_it(self, whole: WholeDesk, ordered: CaseLine) -> None:
        for heard in (False, True):
            if heard:
                await whole.desk.work()
            view = await whole.desk.case(ordered.id)
            (decision,) = view.request.decisions
            assert view.case.state == ("closed" if heard else "open")
            assert not {"opinion:write", "decision:approve", "case:contact"} & set(view.allowed_actions)
            assert view.groundwork == ()
            assert view.ending == CaseEnding(
                by="order",
                person=Personal("Otávio Lins"),
                at=decision.at,
                decision_id=decision.decision_id,
                outcome="approve",
                digest=decision.digest,
            )
