"""A nurse hands a case on to a physician."""

import pytest

from austa.kernel.actors import Caller
from austa.kernel.errors import AustaError, Conflict, Forbidden, Invalid
from austa.kernel.ids import CaseId
from austa.kernel.personal import Personal
from austa.modules.medical_audit.api.cases import CaseLine, ForwardAsked
from austa.modules.prior_auth.domain.refusals import transition_refused
from tests.modules.medical_audit.conftest import Desk

REASON = "Lente tórica: a indicação é médica."


async def with_nurse(desk: Desk) -> CaseLine:
    return await desk.route(desk.request(state="IN_NURSE_REVIEW"), queue="nurse")


async def forward(desk: Desk, case_id: CaseId, caller: Caller, version: int | None = None) -> CaseLine:
    version = version or (await desk.case(case_id)).case.version
    return await desk.audit.forward(caller, case_id, ForwardAsked(reason=Personal(REASON), version=version))


async def test_a_physician_has_it_then(desk: Desk) -> None:
    line = await with_nurse(desk)
    await desk.audit.assign(desk.nurse, line.id, to_me=True, version=line.version)
    moved = await forward(desk, line.id, desk.nurse)
    assert (moved.queue, moved.assigned_to, moved.last_event.type) == ("medical", None, "forwarded")
    await desk.opine(line.id, "favourable", desk.physician)
    with pytest.raises(Forbidden):
        await desk.opine(line.id, "favourable", desk.nurse)


async def test_the_reason_is_in_the_timeline_and_sealed(desk: Desk) -> None:
    line = await with_nurse(desk)
    await forward(desk, line.id, desk.nurse)
    told = (await desk.case(line.id)).timeline[-1]
    assert (told.text.reveal(), told.actor.reveal()) == (f"Encaminhado a um médico: {REASON}", "Marta Reis")


async def test_prior_auth_is_told_once_and_by_whom(desk: Desk) -> None:
    line = await with_nurse(desk)
    await forward(desk, line.id, desk.nurse)
    await desk.work()
    await desk.work()
    told = [forward for forward in desk.prior_auth.forwarded if forward[0] == line.request_id]
    assert told == [(line.request_id, 1, desk.nurse.principal_id)]
    assert (await desk.case(line.id)).request.state == "IN_MEDICAL_AUDIT"


async def test_a_request_that_moved_on_stops_nothing(desk: Desk) -> None:
    line = await with_nurse(desk)
    await forward(desk, line.id, desk.nurse)
    desk.refuse(transition_refused("CANCELLED", "forward_medical", "it ended"))
    await desk.work()
    assert desk.prior_auth.forwarded == []


async def test_an_analyst_and_a_physician_may_not(desk: Desk) -> None:
    line = await with_nurse(desk)
    for person in (desk.analyst, desk.physician):
        assert "case:forward" not in (await desk.case(line.id, person)).allowed_actions
        with pytest.raises(Forbidden):
            await forward(desk, line.id, person)
    for person in (desk.nurse, desk.director):
        assert "case:forward" in (await desk.case(line.id, person)).allowed_actions


async def test_what_is_no_nurses_review_stays_where_it_is(desk: Desk) -> None:
    for queue in ("medical", "administrative"):
        line = await desk.route(queue=queue)
        assert "case:forward" not in (await desk.case(line.id, desk.nurse)).allowed_actions
        assert await refusal(desk, line.id) == (Invalid, "medical_audit.not_with_nurse")


async def test_not_on_what_was_not_seen_nor_while_a_decision_is_on_its_way(desk: Desk) -> None:
    line = await with_nurse(desk)
    await desk.talk(line.id)
    assert await refusal(desk, line.id, line.version) == (Conflict, "medical_audit.stale_version")
    await desk.decide(line.id, desk.nurse)
    assert await refusal(desk, line.id) == (Conflict, "medical_audit.release_under_way")


async def refusal(desk: Desk, case_id: CaseId, version: int | None = None) -> tuple[type[AustaError], str]:
    with pytest.raises(AustaError) as refused:
        await forward(desk, case_id, desk.nurse, version)
    return type(refused.value), refused.value.code
