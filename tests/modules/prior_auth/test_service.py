"""Prior authorization at its door, on a real PostgreSQL: from the request to guide, ask, case, decision and link."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.kernel.ids import DocumentId, MemberId, OperatorId, new_id
from austa.kernel.money import Money
from austa.kernel.personal import Personal
from austa.modules.documents.events import DocumentRead
from austa.modules.prior_auth.api.requests import (
    AskedItem,
    AskedMaterial,
    AttachedDocument,
    ItemDecision,
    Outcome,
    RequestFilter,
)
from tests.conftest import TODAY, staff
from tests.modules.prior_auth.cases import FOUR_RECEIPTS, SCREWS, a_member
from tests.modules.prior_auth.house import CHEMOTHERAPY, KNEE_FACTS, KNEE_MRI, ORDER, House, asked, plain
from tests.modules.prior_auth.releases import TEXT
from tests.modules.prior_auth.world import BIRTH

# Asking


async def test_low_risk_request_gets_guide_senha_and_validity(house: House) -> None:
    request = await house.see(await house.ask())
    assert (request.state, request.tiss_status, request.path) == ("ISSUED", 1, "AUTO")
    assert len(request.protocol) == 20
    assert request.protocol.startswith("99999920261121")
    (decision,) = request.decisions
    assert decision.by == "system"
    assert decision.guide is not None
    assert decision.guide.number == "20260000000001"
    (found,) = (await house.service.list(house.system, RequestFilter(guide=decision.guide.number))).items
    assert found.protocol == request.protocol
    assert (await house.service.list(house.system, RequestFilter(guide="20260000000009"))).items == ()
    assert (decision.guide.valid_until - TODAY.date()).days == 30
    template, values = house.world.notifications.messages[f"prior_auth:decision:{decision.decision_id}"]
    assert template == "authorization_approved"
    assert values["senha"] == decision.guide.senha.reveal()
    assert "40304361" not in json.dumps(values)


async def test_history_tells_every_step_and_who_took_it(house: House) -> None:
    request = await house.see(await house.ask())
    assert [entry.state for entry in request.history] == [
        "RECEIVED",
        "ELIGIBILITY_CHECK",
        "RULES_EVALUATION",
        "APPROVED",
        "ISSUED",
    ]
    assert request.history[-1].actor == "system:prior_auth"
    assert request.version == len(request.history)


async def test_decided_event_holds_a_digest_and_no_personal_data(house: House) -> None:
    await house.ask()
    (told,) = await house.events("request_decided")
    assert told["outcome"] == "approve"
    assert told["by"] == "system"
    assert len(told["digest"]) == 64
    assert "Z00" not in json.dumps(told)


async def test_same_key_gives_the_same_request(house: House) -> None:
    first = await house.service.request(house.system, "k", asked(house.member))
    again = await house.service.request(house.system, "k", asked(house.member))
    assert (again.request_id, again.protocol, again.created) == (first.request_id, first.protocol, False)
    with pytest.raises(Conflict) as other:
        await house.service.request(house.system, "k", asked(house.member, cids=()))
    assert other.value.code == "prior_auth.key_reused"


async def test_protocols_have_no_gap_and_no_double_under_concurrency(house: House) -> None:
    receipts = await asyncio.gather(
        *(house.service.request(house.system, f"key-{n % 8}", asked(house.member)) for n in range(16))
    )
    numbers = sorted({int(receipt.protocol[-6:]) for receipt in receipts})
    assert numbers == list(range(1, 9))
    assert sum(receipt.created for receipt in receipts) == 8


async def test_legal_term_runs_from_the_message_that_asked(house: House) -> None:
    """Asked on Tuesday, understood on Saturday: laboratory, three business days after Tuesday (Friday is a holiday)."""
    request = await house.see(await house.ask(asked_at=TODAY - timedelta(days=4)))
    assert request.clock.business_days == 3
    assert request.due_at.date().isoformat() == "2026-11-24"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"asked_at": TODAY + timedelta(hours=1)}, "prior_auth.asked_in_future"),
        ({"kind": "reimbursement"}, "prior_auth.refund_missing"),
        ({"channel": "whatsapp"}, "prior_auth.file_missing"),
        ({"items": (AskedItem(tuss="40304361", amount=Money(centavos=-1)),)}, "prior_auth.amount_wrong"),
        ({"items": (AskedItem(tuss="40304361", amount=Money(centavos=10**30)),)}, "prior_auth.amount_wrong"),
    ],
)
async def test_impossible_requests_are_refused(house: House, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await house.service.request(house.system, "k", asked(house.member, **changes))
    assert refused.value.code == code


async def test_unknown_member_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        await house.service.request(house.system, "k", asked(MemberId(new_id())))


# Asking for papers


async def test_missing_papers_are_asked_for_once_and_their_arrival_decides(house: House) -> None:
    request_id = await house.ask(items=KNEE_MRI)
    pending = await house.see(request_id)
    assert (pending.state, pending.tiss_status) == ("PENDING_DOCUMENTS", 5)
    assert len(pending.missing) == 3
    assert house.world.notifications.templates == ["authorization_needs_documents"]
    await house.service.add_documents(house.system, request_id, (), KNEE_FACTS)
    await house.settle()
    assert (await house.see(request_id)).state == "ISSUED"


async def test_silence_brings_a_person_and_no_denial(house: House, clock: SetClock) -> None:
    request_id = await house.ask(items=KNEE_MRI)
    clock.advance(timedelta(days=20))
    await house.settle()
    request = await house.see(request_id)
    assert (request.state, request.queue) == ("IN_MEDICAL_AUDIT", "medical")
    assert (await house.events("request_routed"))[-1]["routes"] == ["PRZ01"]


async def test_request_waits_for_its_photo_to_be_read(house: House) -> None:
    photo = house.world.documents.put("reading")
    papers = (AttachedDocument(kind="order", document_id=photo),)
    request_id = await house.ask(channel="whatsapp", documents=papers)
    assert (await house.see(request_id)).state == "RECEIVED"
    house.world.documents.finish_reading(photo)
    await house.publish(DocumentRead(document_id=photo, requested_by="x", outcome="complete"))
    assert (await house.see(request_id)).state == "ISSUED"


async def test_handwriting_goes_to_a_person(house: House) -> None:
    photo = house.world.documents.put(handwritten=True)
    request_id = await house.ask(documents=(AttachedDocument(kind="order", document_id=photo),))
    request = await house.see(request_id)
    assert (request.state, request.queue) == ("ADMIN_REVIEW", "administrative")


async def test_facts_that_come_while_others_are_asked_are_not_asked_for(house: House) -> None:
    receipt = await house.service.request(house.system, "k", asked(house.member, items=KNEE_MRI))
    gathered = await house.assessor.gather(house.system, receipt.request_id)
    await house.service.add_documents(house.system, receipt.request_id, (), KNEE_FACTS)
    async with house.platform.database.for_module("prior_auth").transaction(house.system) as tx:
        await house.assessor.conclude(tx, receipt.request_id, gathered)
    assert (await house.see(receipt.request_id)).state == "RECEIVED"
    await house.settle()
    assert (await house.see(receipt.request_id)).state == "ISSUED"
    assert await house.events("documents_requested") == []


async def test_the_same_document_stays_once(house: House) -> None:
    request_id = await house.ask(items=KNEE_MRI)
    photo = DocumentId(new_id())
    for _ in range(2):
        paper = AttachedDocument(kind="report", document_id=photo)
        await house.service.add_documents(house.system, request_id, (paper,))
    assert [d.document_id for d in (await house.see(request_id)).documents].count(photo) == 1


# Routing


async def test_only_an_order_is_expected_to_carry_the_stamp_of_who_asks(house: House) -> None:
    report = house.world.documents.put_signed("imaging_report", "765432")
    request_id = await house.ask(documents=(ORDER, AttachedDocument(kind="finding", document_id=report)))
    assert await house.signals(request_id) == []
    order = AttachedDocument(kind="order", document_id=house.world.documents.put_signed("medical_order", "765432"))
    request_id = await house.ask("key-2", items=KNEE_MRI, facts=KNEE_FACTS, documents=(order,))
    assert await house.signals(request_id) == ["R16"]


async def test_second_knee_in_twenty_days_is_routed_with_its_reasons(house: House, clock: SetClock) -> None:
    await house.ask(items=KNEE_MRI, facts=KNEE_FACTS)
    clock.advance(timedelta(days=20))
    request_id = await house.ask("key-2", items=KNEE_MRI, facts=KNEE_FACTS, asked_at=clock.now())
    request = await house.see(request_id)
    assert (request.state, request.path) == ("IN_MEDICAL_AUDIT", "AUDIT")
    (routed,) = await house.events("request_routed")
    assert routed["routes"] == ["SINAL"]
    assert [rule.id for rule in (await house.see(request_id)).rules] == ["SINAL"]
    assert await house.signals(request_id) == ["R02", "R22"]
    assert routed["round"] == 1
    assert house.world.notifications.templates[-1] == "authorization_in_review"


async def test_two_equal_requests_at_the_same_time_are_not_both_approved(house: House) -> None:
    for key in ("a", "b"):
        await house.service.request(house.system, key, asked(house.member))
    await asyncio.gather(house.settle(), house.settle())
    page = await house.service.list(house.system, RequestFilter(member_id=house.member))
    assert sorted(item.state for item in page.items) == ["IN_MEDICAL_AUDIT", "ISSUED"]


async def test_urgent_request_is_approved_at_once_and_reviewed_after_care(house: House) -> None:
    request_id = await house.ask(
        items=(AskedItem(tuss="31005497"),), character="urgent", documents=(AttachedDocument(kind="exam"),)
    )
    request = await house.see(request_id)
    assert (request.state, request.path) == ("ISSUED", "URG")
    (routed,) = await house.events("request_routed")
    assert (routed["post_facto"], routed["urgency"]) == (True, "urgent")
    auditor = house.world.identity.hire("medical_auditor")
    record = await house.release(request_id, "approve", auditor)
    assert (record.state, record.guide) == ("ISSUED", None)
    assert len(house.world.notifications.messages) == 1


async def test_review_after_care_may_come_when_the_password_has_expired(house: House, clock: SetClock) -> None:
    request_id = await house.ask(
        items=(AskedItem(tuss="31005497"),), character="urgent", documents=(AttachedDocument(kind="exam"),)
    )
    clock.advance(timedelta(days=120))
    await house.settle()
    assert (await house.see(request_id)).state == "EXPIRED"
    record = await house.release(request_id, "approve", house.world.identity.hire("medical_auditor"))
    assert (record.state, record.guide) == ("EXPIRED", None)
    assert (await house.events("request_decided"))[-1]["post_facto"]
    assert house.world.notifications.templates == ["authorization_approved"]


async def test_waiting_period_is_proposed_and_an_analyst_releases_it(house: House) -> None:
    house.world.members.facts[house.member] = a_member(member_id=house.member, days=70)
    request_id = await house.ask()
    request = await house.see(request_id)
    assert (request.state, request.path) == ("ADMIN_REVIEW", "ADMIN")
    assert request.proposal is not None
    assert request.proposal.reason_codes == ("3171",)
    analyst = house.world.identity.hire("authorization_analyst")
    record = await house.release(
        request_id,
        "administrative_return",
        analyst,
        ground="administrative",
        reason_codes=("3171",),
        legal_basis=request.proposal.clause,
        member_text=request.proposal.member_text,
    )
    assert record.state == "DENIED"
    assert house.world.notifications.templates[-1] == "authorization_decided"


async def test_reimbursement_goes_to_the_manual_queue(house: House) -> None:
    request_id = await house.ask(kind="reimbursement", refund=FOUR_RECEIPTS, requester=None)
    request = await house.see(request_id)
    assert (request.state, request.queue, request.tiss_status) == ("IN_MANUAL_REVIEW", "manual", None)
    assert request.clock.business_days == 7
    analyst = house.world.identity.hire("authorization_analyst")
    record = await house.release(request_id, "approve", analyst)
    assert (record.state, record.guide) == ("CLOSED", None)


async def test_guardian_is_told_about_a_child(house: House) -> None:
    guardian = MemberId(new_id())
    house.world.members.facts[guardian] = a_member(member_id=guardian)
    house.world.members.guardians[house.member] = guardian
    await house.ask()
    assert house.world.notifications.told == [guardian]


async def test_nobody_to_tell_holds_up_nothing(house: House) -> None:
    house.world.members.guardians[house.member] = house.member
    assert (await house.see(await house.ask())).state == "ISSUED"
    assert house.world.notifications.messages == {}


# Deciding


async def test_physician_approves_and_the_guide_is_issued(house: House) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    auditor = house.world.identity.hire("medical_auditor")
    record = await house.release(request_id, "approve", auditor)
    assert (record.state, record.by) == ("ISSUED", str(auditor))
    request = await house.see(request_id)
    assert request.history[-1].actor == str(auditor)
    again = await house.release(request_id, "approve", auditor)
    assert again == record


async def test_denial_with_all_its_grounds_is_kept(house: House) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    director = house.world.identity.hire("technical_director", number="900104")
    record = await house.release(request_id, "deny", director)
    request = await house.see(request_id)
    assert (record.state, request.tiss_status) == ("DENIED", 3)
    assert request.decisions[0].member_text == TEXT
    (told,) = await house.events("request_decided")
    assert (told["outcome"], told["by"]) == ("deny", str(director))


async def test_part_is_approved_line_by_line(house: House) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    director = house.world.identity.hire("technical_director")
    await house.release(request_id, "approve_in_part", director, items=(ItemDecision(position=0, approved_quantity=1),))
    request = await house.see(request_id)
    assert (request.state, request.tiss_status) == ("ISSUED", 7)
    assert request.items[0].approved_quantity == 1


async def test_auditor_asks_and_the_answer_returns_to_people(house: House) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    auditor = house.world.identity.hire("medical_auditor")
    await house.release(request_id, "request_information", auditor, missing=("O estadiamento atual.",))
    asked_back = await house.see(request_id)
    assert (asked_back.state, asked_back.tiss_status) == ("PENDING_JUSTIFICATION", 4)
    assert asked_back.missing == ("O estadiamento atual.",)
    await house.settle()
    await house.service.add_documents(house.system, request_id, (AttachedDocument(kind="report"),))
    await house.settle()
    request = await house.see(request_id)
    assert (request.state, request.queue) == ("IN_MEDICAL_AUDIT", "medical")
    assert [e["round"] for e in await house.events("request_routed")] == [1, 2]


@pytest.mark.parametrize("outcome", ["deny", "approve_in_part"])
async def test_medical_auditor_may_not_release_against_the_member(house: House, outcome: Outcome) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    auditor = house.world.identity.hire("medical_auditor")
    with pytest.raises(Forbidden):
        await house.release(
            request_id,
            outcome,
            auditor,
            releaser_roles=frozenset({"technical_director"}),
            items=(ItemDecision(position=0, approved_quantity=1),),
        )
    assert (await house.see(request_id)).state == "IN_MEDICAL_AUDIT"


async def test_requester_may_not_decide_their_own_request(house: House) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    director = house.world.identity.hire("technical_director", number="900010")
    with pytest.raises(Forbidden):
        await house.release(request_id, "approve", director)


async def test_incomplete_denial_says_what_is_missing(house: House) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    director = house.world.identity.hire("technical_director")
    with pytest.raises(Invalid) as refused:
        await house.release(request_id, "deny", director, contacts=(), legal_basis=None)
    assert refused.value.details["missing"] == ("legal_basis", "requester_contact")


async def test_stale_version_is_refused(house: House) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    auditor = house.world.identity.hire("medical_auditor")
    with pytest.raises(Conflict) as refused:
        await house.release(request_id, "approve", auditor, expected_version=1)
    assert refused.value.code == "prior_auth.stale_version"


async def test_nobody_brings_the_decision_of_another(house: House, operator_id: OperatorId) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    auditor = house.world.identity.hire("medical_auditor")
    decision = plain(
        request_id=request_id,
        outcome="approve",
        released_by=auditor,
        releaser_roles=frozenset({"medical_auditor"}),
        expected_version=4,
    )
    with pytest.raises(Forbidden):
        await house.service.decide(staff(operator_id, "medical_auditor"), "k", decision)


async def test_answered_request_is_not_decided_again(house: House) -> None:
    request_id = await house.ask()
    auditor = house.world.identity.hire("medical_auditor")
    with pytest.raises(Conflict):
        await house.release(request_id, "approve", auditor)


# Endings


async def test_cancelling_twice_changes_nothing(house: House, operator_id: OperatorId) -> None:
    request_id = await house.ask(**CHEMOTHERAPY)
    me = Caller.member(operator_id, house.member)
    for _ in range(2):
        status = await house.service.cancel(me, request_id, "asked_by_member")
    assert (status.state, status.tiss_status) == ("CANCELLED", 6)
    assert len(await house.events("request_cancelled")) == 1


async def test_guide_expires_after_its_last_day(house: House, clock: SetClock) -> None:
    request_id = await house.ask()
    clock.advance(timedelta(days=30))
    await house.settle()
    assert (await house.see(request_id)).state == "ISSUED"
    clock.advance(timedelta(days=1))
    await house.settle()
    assert (await house.see(request_id)).state == "EXPIRED"


async def test_member_sees_their_own_and_nothing_of_others(house: House, operator_id: OperatorId) -> None:
    request_id = await house.ask()
    me, other = Caller.member(operator_id, house.member), Caller.member(operator_id, MemberId(new_id()))
    assert (await house.service.status(me, request_id)).guide_number == "20260000000001"
    assert [one.request_id for one in (await house.service.list(me, RequestFilter())).items] == [request_id]
    assert (await house.service.list(other, RequestFilter())).items == ()
    with pytest.raises(NotFound):
        await house.service.get(other, request_id)


async def test_another_operator_finds_nothing(house: House) -> None:
    request_id = await house.ask()
    with pytest.raises(NotFound):
        await house.service.get(Caller.system(OperatorId(new_id()), "test"), request_id)


async def test_link_opens_with_the_date_of_birth_only(house: House) -> None:
    request_id = await house.ask()
    (token,) = house.world.identity.links
    with pytest.raises(Forbidden):
        await house.service.open_link(token, BIRTH + timedelta(days=1))
    assert house.world.identity.confirmed == []
    opened = await house.service.open_link(token, BIRTH)
    request = await house.see(request_id)
    guide = request.decisions[0].guide
    assert guide is not None
    assert (opened.guide_number, opened.senha) == (guide.number, guide.senha)
    assert opened.procedures[0].startswith("Hemograma")
    assert len(house.world.identity.confirmed) == 1


async def test_lists_are_read_page_by_page(house: House) -> None:
    for n in range(53):
        await house.service.request(house.system, f"key-{n}", asked(house.member))
    first = await house.service.list(house.system, RequestFilter())
    second = await house.service.list(house.system, RequestFilter(), first.next_cursor)
    assert (len(first.items), len(second.items), second.next_cursor) == (50, 3, None)
    assert not {i.request_id for i in first.items} & {i.request_id for i in second.items}


# What is kept


async def test_kept_rows_never_change(house: House) -> None:
    await house.ask()
    for table in ("change", "assessment", "decision"):
        with pytest.raises(sa.exc.DBAPIError, match="never change"):
            async with house.platform.database.begin("austa_prior_auth", house.system.operator_id) as connection:
                await connection.execute(sa.text(f"delete from prior_auth.{table}"))


async def test_nothing_personal_lies_in_clear(house: House) -> None:
    materials = (AskedMaterial(description=SCREWS.description, quantity=1),)
    await house.ask(indication=Personal("dor no peito segredo"), materials=materials)
    async with house.platform.database.begin("austa_prior_auth", house.system.operator_id) as connection:
        for table in ("request", "item", "paper", "change", "assessment", "ask", "decision"):
            rows = (await connection.execute(sa.text(f"select * from prior_auth.{table}"))).all()
            clear = " ".join(str(value) for row in rows for value in row)
            assert "segredo" not in clear
            assert "Renato" not in clear
            assert "Z00" not in clear
