"""What the ledger promises: recorded once, in order, sealed soon, provable to anybody, forgettable."""

import json
from datetime import timedelta

import pytest

from austa.infra.db import Transaction
from austa.infra.outbox import Reaction
from austa.kernel.actors import Caller
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from austa.kernel.events import Envelope
from austa.kernel.ids import OperatorId, new_id
from austa.kernel.signing import VerifierKey
from austa.modules.ledger.api import EntryId
from austa.modules.ledger.domain.note import is_signed_by, parse_note
from austa.modules.ledger.domain.offline import verify_file
from tests.conftest import deliver, staff
from tests.modules.ledger.conftest import Log


async def test_a_decision_is_sequenced_at_once_and_sealed_about_two_seconds_later(log: Log) -> None:
    (decision,) = await log.decide()
    entry = await log.ledger.get_entry(log.auditor, decision.decision_id)
    assert (entry.index, entry.kind, entry.subject, entry.state) == (
        0,
        "prior_auth.request_decided.v1",
        str(decision.decision_id),
        "sequenced",
    )
    await log.wait_for_seal()
    assert (await log.ledger.get_entry(log.auditor, decision.decision_id)).state == "sealed"


async def test_a_sequenced_entry_has_no_proof_yet_and_says_so(log: Log) -> None:
    (decision,) = await log.decide()
    with pytest.raises(Conflict) as refused:
        await log.ledger.prove(log.auditor, decision.decision_id)
    assert refused.value.code == "ledger.not_sealed"
    assert refused.value.details == {"state": "sequenced", "index": 0}


async def test_the_first_entry_after_a_checkpoint_is_not_sealed_by_it(log: Log) -> None:
    await log.seal_after(2)
    (decision,) = await log.decide()
    assert (await log.ledger.get_entry(log.auditor, decision.decision_id)).state == "sequenced"
    with pytest.raises(Conflict):
        await log.ledger.prove(log.auditor, decision.decision_id)


async def test_one_checkpoint_seals_all_that_came_within_two_seconds(log: Log) -> None:
    await log.decide(3)
    log.clock.advance(timedelta(seconds=1))
    await log.decide(4)
    with pytest.raises(NotFound):
        await log.ledger.checkpoint(log.auditor)
    await log.wait_for_seal()
    assert (await log.ledger.checkpoint(log.auditor)).size == 7
    assert (await log.ledger.verify(log.auditor)).checkpoints == 1


async def test_a_timer_that_was_lost_is_set_again_by_a_later_decision(log: Log) -> None:
    lost = Log(log.ledger, log.platform, log.clock, log.handlers[:-1], log.operator_id)
    await lost.decide()
    log.clock.advance(timedelta(minutes=2))
    await log.decide()
    await log.wait_for_seal()
    assert (await log.ledger.checkpoint(log.auditor)).size == 2


async def test_the_checkpoint_is_a_signed_note_of_this_operators_log(log: Log) -> None:
    await log.seal_after(5)
    checkpoint = await log.ledger.checkpoint(log.auditor)
    tree = parse_note(checkpoint.note)
    assert tree.origin == checkpoint.origin == f"austa.{log.operator_id}/log"
    assert tree.size == checkpoint.size == 5
    assert is_signed_by(checkpoint.note, VerifierKey.parse(checkpoint.public_key))


async def test_every_entry_of_every_size_is_proven_offline_with_a_key_learnt_elsewhere(log: Log) -> None:
    decisions = await log.seal_after(1, 1, 2, 5)
    key = (await log.ledger.checkpoint(log.auditor)).public_key
    for decision in decisions:
        bundle = await log.ledger.prove(log.auditor, decision.decision_id)
        verdict = verify_file(bundle.model_dump_json(), trusted_key=key)
        assert verdict.ok, verdict.faults
        assert verdict.key_trusted
        assert verdict.opened
        statement = json.loads(bundle.entry.statement or "")
        assert statement["data"]["outcome"] == "approved"
        assert statement["actor"] == "system:prior_auth"


async def test_an_entry_is_found_by_its_id_its_event_and_its_decision(log: Log) -> None:
    (decision,) = await log.seal_after(1)
    bundle = await log.ledger.prove(log.auditor, decision.decision_id)
    assert await log.ledger.prove(log.auditor, bundle.entry.id) == bundle
    assert await log.ledger.prove(log.auditor, bundle.entry.source_event_id) == bundle


async def test_an_event_that_arrives_twice_is_recorded_once(log: Log) -> None:
    seen: list[Envelope] = []

    async def twice(tx: Transaction, envelope: Envelope) -> None:
        seen.append(envelope)
        await log.ledger.record(tx, [envelope])
        await log.ledger.record(tx, [envelope])

    (decision,) = await log.decide()
    again = Reaction(f"test.again.{log.operator_id}", "ledger", "prior_auth.request_decided.v1", twice)
    log.handlers = deliver(log.platform, [again])
    await log.decide()
    assert seen
    assert (await log.ledger.verify(log.auditor)).size == 2
    assert (await log.ledger.get_entry(log.auditor, decision.decision_id)).index == 0


async def test_workers_side_by_side_leave_one_log_without_gaps(log: Log) -> None:
    await log.tell(40)
    await log.handle_at_once(workers=4)
    queued = await log.ledger.verify(log.auditor)
    assert queued.size == 40, "nobody had to try again: appends queue on the head"
    await log.wait_for_seal()
    report = await log.ledger.verify(log.auditor)
    assert report.ok, report.faults
    assert (report.size, report.sealed_size) == (40, 40)


async def test_any_two_checkpoints_are_consistent_and_prove_it(log: Log) -> None:
    await log.seal_after(3, 1, 4)
    for first, second in [(3, 4), (3, 8), (4, 8), (8, 8)]:
        bundle = await log.ledger.prove_consistency(log.auditor, first, second)
        verdict = verify_file(bundle.model_dump_json(), bundle.second.public_key)
        assert (verdict.ok, verdict.key_trusted, verdict.tree_size) == (True, True, second)
        assert (bundle.first.size, bundle.second.size) == (first, second)
    with pytest.raises(NotFound) as unknown:
        await log.ledger.prove_consistency(log.auditor, 5, 8)
    assert unknown.value.code == "ledger.no_checkpoint"
    with pytest.raises(Invalid):
        await log.ledger.prove_consistency(log.auditor, 8, 3)


async def test_another_operator_finds_nothing(log: Log) -> None:
    (decision,) = await log.seal_after(1)
    stranger = staff(OperatorId(new_id()), "medical_auditor")
    for question in (log.ledger.prove, log.ledger.get_entry):
        with pytest.raises(NotFound):
            await question(stranger, decision.decision_id)
    with pytest.raises(NotFound):
        await log.ledger.checkpoint(stranger)
    assert (await log.ledger.verify(stranger)).size == 0


async def test_a_member_may_not_read_the_ledger(log: Log) -> None:
    (decision,) = await log.seal_after(1)
    member = Caller(operator_id=log.operator_id, kind="member", id=str(new_id()))
    with pytest.raises(Forbidden):
        await log.ledger.prove(member, decision.decision_id)


async def test_an_erased_opening_leaves_a_provable_leaf_that_says_nothing_and_a_trace(log: Log) -> None:
    (decision,) = await log.seal_after(1)
    entry_id = (await log.ledger.prove(log.auditor, decision.decision_id)).entry.id
    privacy = Caller.system(log.operator_id, "privacy")
    await log.ledger.erase_opening(privacy, entry_id)
    await log.ledger.erase_opening(privacy, entry_id)
    await log.wait_for_seal()

    bundle = await log.ledger.prove(log.auditor, entry_id)
    assert bundle.entry.statement is None
    assert bundle.entry.salt is None
    assert str(decision.decision_id) not in bundle.model_dump_json()
    verdict = verify_file(bundle.model_dump_json())
    assert (verdict.ok, verdict.opened) == (True, False)

    report = await log.ledger.verify(log.auditor)
    assert report.ok, report.faults
    assert (report.size, report.erased) == (2, 1)
    trace = await log.ledger.get_entry(log.auditor, entry_id)
    assert trace.index == 0
    with pytest.raises(NotFound):
        await log.ledger.prove(log.auditor, decision.decision_id)


async def test_only_privacy_orders_an_erasure(log: Log) -> None:
    (decision,) = await log.decide()
    entry = await log.ledger.get_entry(log.auditor, decision.decision_id)
    with pytest.raises(Forbidden):
        await log.ledger.erase_opening(log.auditor, entry.id)
    with pytest.raises(NotFound):
        await log.ledger.erase_opening(Caller.system(log.operator_id, "privacy"), EntryId(decision.decision_id))
