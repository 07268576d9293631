"""Whoever changes one stored byte of the log is found, and so is the place."""

import random

import pytest
import sqlalchemy as sa

from austa.kernel.errors import Unexpected
from tests.modules.ledger.conftest import Log, Tamper

ROW = "where operator_id = $1"
FLIP = "set_byte({0}, {1}, get_byte({0}, {1}) # 1)"


def flip(column: str, at: int = 7) -> str:
    return f"{column} = {FLIP.format(column, at)}"


CHANGES = [
    ("update ledger.entry set leaf_data = set_byte(leaf_data, 20, 33) " + ROW + " and index = 5", "leaf 5"),
    ("update ledger.entry set " + flip("leaf_hash") + " " + ROW + " and index = 5", "leaf 5"),
    ("update ledger.entry set kind = 'prior_auth.request_denied.v1' " + ROW + " and index = 5", "leaf 5"),
    ("update ledger.entry set time = time + interval '1 microsecond' " + ROW + " and index = 5", "leaf 5"),
    ("update ledger.entry set id = gen_random_uuid() " + ROW + " and index = 5", "leaf 5"),
    ("update ledger.entry set source_event_id = gen_random_uuid() " + ROW + " and index = 5", "leaf 5"),
    ("update ledger.opening set " + flip("salt") + " " + ROW + " and index = 5", "leaf 5"),
    ("update ledger.opening set " + flip("statement", 40) + " " + ROW + " and index = 5", "leaf 5"),
    ("update ledger.opening set subject = 'somebody' " + ROW + " and index = 5", "leaf 5"),
    ("update ledger.opening set salt = salt || '\\x00' " + ROW + " and index = 5", "leaf 5"),
    ("delete from ledger.opening " + ROW + " and index = 5", "leaf 5"),
    ("delete from ledger.entry " + ROW + " and index = 5", "leaf 5"),
    ("delete from ledger.entry " + ROW + " and index = 10", "head"),
    ("update ledger.node set " + flip("hash") + " " + ROW + " and level = 2 and position = 1", "node 2/1"),
    ("delete from ledger.node " + ROW + " and level = 1 and position = 3", "node 1/3"),
    ("insert into ledger.node values ($1, 9, 9, '')", "head"),
    ("update ledger.head set " + flip("edge") + " " + ROW, "head"),
    ("update ledger.head set size = 9 " + ROW, "head"),
    ("update ledger.head set size = 1000000000000 " + ROW, "head"),
    ("delete from ledger.head " + ROW, "head"),
    (
        "update ledger.checkpoint set note = replace(note, E'\\n4\\n', E'\\n5\\n') " + ROW + " and size = 4",
        "checkpoint 4",
    ),
    ("update ledger.checkpoint set size = 5 " + ROW + " and size = 4", "checkpoint 5"),
    ("update ledger.checkpoint set size = 50 " + ROW + " and size = 4", "checkpoint 50"),
    ("update ledger.checkpoint set note = '' " + ROW + " and size = 4", "checkpoint 4"),
]


@pytest.mark.parametrize(("sql", "place"), CHANGES)
async def test_a_change_is_found_with_its_place(log: Log, tamper: Tamper, sql: str, place: str) -> None:
    await log.seal_after(4, 7)
    assert (await log.ledger.verify(log.auditor)).ok
    await tamper(sql, log.operator_id)
    report = await log.ledger.verify(log.auditor)
    assert not report.ok
    assert place in [fault.place for fault in report.faults]


async def test_any_flipped_byte_of_any_row_is_found(log: Log, tamper: Tamper) -> None:
    await log.seal_after(4, 7)
    dice = random.Random(20261122)
    rows = (
        [("entry", "leaf_data", f"and index = {n}", 200) for n in range(11)]
        + [("entry", "leaf_hash", f"and index = {n}", 32) for n in range(11)]
        + [("opening", "salt", f"and index = {n}", 32) for n in range(11)]
        + [("opening", "statement", f"and index = {n}", 200) for n in range(11)]
        + [("head", "edge", "", 96)]
    )
    for table, column, which, length in rows:
        sql = f"update ledger.{table} set {flip(column, dice.randrange(length))} {ROW} {which}"
        await tamper(sql, log.operator_id)
        assert not (await log.ledger.verify(log.auditor)).ok, sql
        await tamper(sql, log.operator_id)
    assert (await log.ledger.verify(log.auditor)).ok


async def test_the_first_fault_is_the_place_where_it_happened(log: Log, tamper: Tamper) -> None:
    await log.seal_after(4, 7)
    await tamper(
        f"update ledger.entry set leaf_data = set_byte(leaf_data, 20, 33) {ROW} and index = 2", log.operator_id
    )
    report = await log.ledger.verify(log.auditor)
    places = [fault.place for fault in report.faults]
    assert places[0] == "leaf 2"
    assert {"node 1/1", "checkpoint 4", "checkpoint 11"} <= set(places)
    assert "leaf 3" not in places


async def test_a_log_cut_back_to_an_older_checkpoint_is_found_by_a_note_kept_outside(log: Log, tamper: Tamper) -> None:
    await log.seal_after(2)
    await log.seal_after(1)
    kept = (await log.ledger.checkpoint(log.auditor)).note
    for sql in (
        f"delete from ledger.checkpoint {ROW} and size = 3",
        f"delete from ledger.opening {ROW} and index = 2",
        f"delete from ledger.entry {ROW} and index = 2",
        f"update ledger.head set size = 2, edge = (select hash from ledger.node {ROW} and level = 1) {ROW}",
    ):
        await tamper(sql, log.operator_id)
    assert (await log.ledger.verify(log.auditor)).ok, "nothing inside can tell"
    report = await log.ledger.verify(log.auditor, known_notes=(kept,))
    assert [fault.place for fault in report.faults] == ["checkpoint 3 kept outside"]


async def test_notes_kept_outside_that_fit_are_silent_and_others_are_not(log: Log) -> None:
    await log.seal_after(2)
    kept = (await log.ledger.checkpoint(log.auditor)).note
    await log.seal_after(3)
    assert (await log.ledger.verify(log.auditor, known_notes=(kept,))).ok
    report = await log.ledger.verify(log.auditor, known_notes=("no note",))
    assert [fault.place for fault in report.faults] == ["known note 1"]


async def test_a_tree_that_does_not_extend_the_last_checkpoint_is_not_signed(log: Log, tamper: Tamper) -> None:
    await log.seal_after(3)
    await tamper(f"update ledger.head set {flip('edge')} {ROW}", log.operator_id)
    await log.decide()
    ledger = log.platform.database.for_module("ledger")
    async with ledger.transaction(log.auditor) as tx:
        with pytest.raises(Unexpected) as refused:
            await log.ledger.seal(tx)
    assert refused.value.code == "ledger.inconsistent"
    assert (await log.ledger.checkpoint(log.auditor)).size == 3


async def test_a_proof_that_would_not_verify_is_not_given(log: Log, tamper: Tamper) -> None:
    (decision, *_) = await log.seal_after(4)
    await tamper(f"update ledger.node set {flip('hash')} {ROW} and level = 1 and position = 0", log.operator_id)
    await tamper(f"update ledger.node set {flip('hash')} {ROW} and level = 1 and position = 1", log.operator_id)
    with pytest.raises(Unexpected) as refused:
        await log.ledger.prove(log.auditor, decision.decision_id)
    assert refused.value.code == "ledger.tampered"


async def test_the_modules_own_role_cannot_rewrite_the_past(log: Log) -> None:
    await log.seal_after(1)
    for sql in (
        "update ledger.entry set kind = 'x'",
        "delete from ledger.entry",
        "delete from ledger.checkpoint",
        "update ledger.opening set statement = ''",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="never change"):
            async with log.platform.database.for_module("ledger").transaction(log.auditor) as tx:
                await tx.execute(sa.text(sql))


async def test_a_log_without_entries_is_whole(log: Log) -> None:
    report = await log.ledger.verify(log.auditor)
    assert (report.ok, report.size, report.sealed_size) == (True, 0, 0)
