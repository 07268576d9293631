"""Receipts of real decisions: exported with a record, verified, replayed, and readable after people are erased."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import pytest
import pytest_asyncio
import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.keys import KeyOwner
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden, NotFound
from austa.kernel.ids import DecisionId, MemberId, RequestId, SubjectId, new_id
from austa.kernel.signing import VerifierKey
from austa.modules.members.api import Members
from austa.modules.prior_auth.adapters.coverage_file import pack_source
from austa.modules.prior_auth.adapters.rule_code import rule_code_digest
from austa.modules.prior_auth.domain.canonical import canonical
from austa.modules.prior_auth.domain.receipt import FORMAT_1, Receipt, read_receipt
from austa.modules.prior_auth.module import build_receipts
from austa.modules.prior_auth.service.receipts import ReceiptService
from austa.modules.prior_auth.service.replaying import Replay, replay
from austa.modules.prior_auth.service.vault import Vault, requester_subject
from austa.modules.privacy.api import Privacy
from tests.conftest import staff
from tests.fakes.privacy import FakePrivacy
from tests.modules.prior_auth.cases import a_member
from tests.modules.prior_auth.house import CHEMOTHERAPY, PACK, REQUESTER, House
from tests.modules.prior_auth.releases import TEXT, an_opinion
from tests.modules.prior_auth.seeds import TABLES, TEXTS
from tests.modules.prior_auth.signed import before_tables


@dataclass
class Archive:
    """The door to receipts of a house, and what was recorded of looks through it."""

    house: House
    receipts: ReceiptService
    privacy: FakePrivacy

    async def export(self, request_id: RequestId) -> bytes:
        request = await self.house.see(request_id)
        return await self.receipts.export(self.house.system, request.decisions[-1].decision_id)

    async def read(self, request_id: RequestId) -> Receipt:
        key = VerifierKey.parse(await self.receipts.public_key(self.house.system))
        return read_receipt(await self.export(request_id), key)

    async def replay(self, receipt: Receipt) -> Replay:
        async def find(digest: str) -> bytes:
            return await self.receipts.rules(self.house.system, digest)

        return await replay(receipt, find, Access(), rule_code_digest(), TEXTS)

    async def erase(self, subject: UUID) -> None:
        owner = KeyOwner(SubjectId(subject), "care")
        assert await self.house.platform.keys.destroy(self.house.system.operator_id, owner) == 1


@pytest_asyncio.fixture
async def archive(house: House, platform: Platform) -> Archive:
    privacy = FakePrivacy()
    members = cast(Members, house.world.members)
    receipts, _ = build_receipts(platform, members=members, privacy=cast(Privacy, privacy))
    return Archive(house, receipts, privacy)


async def denied(house: House) -> RequestId:
    request_id = await house.ask(**CHEMOTHERAPY)
    director = house.world.identity.hire("technical_director", number="900101")
    await house.release(request_id, "deny", director)
    return request_id


async def test_a_decision_by_rule_verifies_and_replays(archive: Archive) -> None:
    request_id = await archive.house.ask()
    receipt = await archive.read(request_id)
    assert receipt.faults == ()
    assert receipt.disclosed == ("member", "requester")
    (told,) = await archive.house.events("request_decided")
    assert receipt.digest == told["digest"]
    assert receipt.document["rules"]["decision"] == {
        "version": PACK.version,
        "digest": PACK.digest,
        "code": rule_code_digest(),
        "tables": [used.reveal_json() for used in TABLES.used if used.rule_set == "authority"],
    }
    assert receipt.document["rules"]["assessment"]["tables"] == [used.reveal_json() for used in TABLES.used]
    assert receipt.document["decision"]["legal_basis"]
    assert await archive.replay(receipt) == Replay((), ())


async def test_a_persons_decision_verifies_and_replays(archive: Archive) -> None:
    receipt = await archive.read(await denied(archive.house))
    assert receipt.faults == ()
    assert receipt.document["decision"]["member_text"] == TEXT
    assert receipt.document["decision"]["opinions"][0]["registration"]["number"] == an_opinion().number
    assert receipt.document["decision"]["releaser"]["registration"]["number"] == "900101"
    assert await archive.replay(receipt) == Replay((), ())


@pytest.mark.parametrize("outcome", ["approve", "approve_in_part", "request_information"])
async def test_every_outcome_of_a_person_replays(archive: Archive, outcome: Any) -> None:
    house = archive.house
    request_id = await house.ask(**CHEMOTHERAPY)
    director = house.world.identity.hire("technical_director", number="900101")
    changes: dict[str, Any] = {
        "approve_in_part": {"items": ({"position": 0, "approved_quantity": 1},)},
        "request_information": {"missing": ("O relatório do médico.",)},
    }.get(outcome, {})
    await house.release(request_id, outcome, director, **changes)
    receipt = await archive.read(request_id)
    assert receipt.faults == ()
    assert await archive.replay(receipt) == Replay((), ())


async def test_urgent_care_replays_and_so_does_its_review_afterwards(archive: Archive) -> None:
    house = archive.house
    request_id = await house.ask(character="urgent")
    first = await archive.read(request_id)
    assert first.document["request"]["urgent"]
    assert (await archive.replay(first)).identical
    auditor = house.world.identity.hire("medical_auditor", number="900102")
    await house.release(request_id, "approve", auditor)
    review = await archive.read(request_id)
    assert review.document["decision"]["post_facto"]
    assert (await archive.replay(review)).identical


async def test_a_dependant_their_holder_and_guardian_are_each_erased_alone(archive: Archive) -> None:
    house = archive.house
    people = {"holder": MemberId(new_id()), "guardian": MemberId(new_id())}
    for person in people.values():
        house.world.members.facts[person] = a_member(member_id=person)
    house.world.members.guardians[house.member] = people["guardian"]
    house.world.members.holders[house.member] = people["holder"]
    request_id = await house.ask()
    decision_id = (await house.see(request_id)).decisions[0].decision_id
    subjects = {**people, "member": house.member}
    subjects["requester"] = MemberId(requester_subject(house.system.operator_id, REQUESTER))
    whole = await archive.read(request_id)
    assert whole.disclosed == ("guardian", "holder", "member", "requester")
    erased: list[str] = []
    for role in ("guardian", "requester", "holder", "member"):
        await archive.erase(subjects[role])
        erased.append(role)
        receipt = read_receipt(await archive.receipts.export(house.system, decision_id), whole.key)
        assert receipt.faults == ()
        assert receipt.digest == whole.digest
        assert list(receipt.withheld) == sorted(erased)
        assert receipt.document["decision"]["outcome"] == "approve"
        if role in {"guardian", "requester"}:
            assert receipt.document["persons"]["member"] == whole.document["persons"]["member"]


async def test_signals_are_cut_out_for_whoever_may_not_see_them(archive: Archive) -> None:
    house = archive.house
    await house.ask()
    request_id = await house.ask("key-2")
    await house.release(request_id, "approve", house.world.identity.hire("medical_auditor", number="900102"))
    whole = await archive.read(request_id)
    assert whole.document["assessment"]["routes"] == ["R01"]
    assert await archive.replay(whole) == Replay((), ())
    (decision,) = (await house.see(request_id)).decisions
    nurse = staff(house.system.operator_id, "nurse_auditor")
    for caller in (nurse, Caller.member(house.system.operator_id, house.member)):
        file = await archive.receipts.export(caller, decision.decision_id)
        assert b"R01" not in file
        assert (read_receipt(file).faults, read_receipt(file).withheld) == ((), ("signals",))
        assert read_receipt(file).digest == whole.digest
    assert (await archive.receipts.replay(nurse, decision.decision_id)).identical


async def test_each_look_is_recorded_for_each_person(archive: Archive) -> None:
    await archive.export(await archive.house.ask())
    subjects = {archive.house.member, requester_subject(archive.house.system.operator_id, REQUESTER)}
    assert {(subject, what) for _, subject, what in archive.privacy.looks} == {(s, "authorization") for s in subjects}


async def test_who_may_not_read_the_request_gets_no_receipt(archive: Archive) -> None:
    house = archive.house
    decision_id = (await house.see(await house.ask())).decisions[0].decision_id
    operator_id = house.system.operator_id
    with pytest.raises(Forbidden):
        await archive.receipts.export(staff(operator_id, "administrator"), decision_id)
    with pytest.raises(NotFound):
        await archive.receipts.export(Caller.member(operator_id, MemberId(new_id())), decision_id)
    with pytest.raises(NotFound):
        await archive.receipts.export(house.system, DecisionId(new_id()))
    assert archive.privacy.looks == []
    assert await archive.receipts.export(Caller.member(operator_id, house.member), decision_id)


async def test_rules_that_were_used_are_kept_and_never_change(archive: Archive) -> None:
    house = archive.house
    await house.ask("one")
    await house.ask("two")
    assert sha256(await archive.receipts.rules(house.system, PACK.digest)).hexdigest() == PACK.digest
    with pytest.raises(NotFound):
        await archive.receipts.rules(house.system, "0" * 64)
    async with house.platform.database.begin("austa_prior_auth", house.system.operator_id) as connection:
        rows = (
            await connection.execute(
                sa.text("select digest, kind, content from prior_auth.rule_source where kind = 'coverage'")
            )
        ).all()
        assert [(row.digest, row.kind, bytes(row.content)) for row in rows] == [
            (PACK.digest, "coverage", pack_source())
        ]
        for table in ("rule_source", "receipt_part"):
            with pytest.raises(sa.exc.DBAPIError, match=r"never change|permission denied"):
                async with connection.begin_nested():
                    await connection.execute(sa.text(f"delete from prior_auth.{table}"))


async def test_nothing_about_a_person_lies_open(archive: Archive) -> None:
    house = archive.house
    await denied(house)
    async with house.platform.database.begin("austa_prior_auth", house.system.operator_id) as connection:
        for table in ("decision", "receipt_part"):
            rows = (await connection.execute(sa.text(f"select * from prior_auth.{table}"))).all()
            clear = " ".join(str(value) for row in rows for value in row)
            for told in ("Renato", "Marina", "900101", "900102", TEXT[:20], "Z00"):
                assert told not in clear


async def test_a_receipt_of_format_1_is_exported_and_seen_as_before(archive: Archive) -> None:
    """As rows lie that were written before receipts were signed."""
    house = archive.house
    request_id = await house.ask()
    receipt = await archive.read(request_id)
    now, vault = receipt.document, Vault(house.platform.keys)
    decision_id, guide = DecisionId(new_id()), {name: now["guide"][name] for name in ("number", "senha", "valid_until")}
    old = {
        "format": FORMAT_1,
        "nonce": "00",
        "request": {"id": str(request_id)},
        "considered": {"facts": now["facts"], "assessment": before_tables(now["assessment"])},
        "rules": {"version": PACK.version, "digest": PACK.digest},
        "decision": {
            **{name: now["decision"][name] for name in ("outcome", "state", "by", "at", "member_text")},
            "id": str(decision_id),
            "released": None,
        },
        "guide": guide,
    }
    text = canonical(old)
    sealed = await vault.seal_text(house.system.operator_id, house.member, "decision", decision_id, text)
    async with house.platform.database.begin("austa_prior_auth", house.system.operator_id) as connection:
        await connection.execute(
            sa.text(
                "insert into prior_auth.decision (operator_id, id, key, request_id, outcome, decided_by, at, state,"
                " digest, rules_version, post_facto, content) select operator_id, :id, 'old', request_id, outcome,"
                " decided_by, at - interval '1 day', state, :digest, rules_version, post_facto, :content"
                " from prior_auth.decision where request_id = :request"
            ),
            {"id": decision_id, "digest": sha256(text).hexdigest(), "content": sealed, "request": request_id},
        )
    seen = (await house.see(request_id)).decisions[0]
    assert seen.decision_id == decision_id
    assert seen.member_text == old["decision"]["member_text"]
    assert seen.guide
    assert seen.guide.number == guide["number"]
    raw = await archive.receipts.export(house.system, decision_id)
    assert json.loads(raw) == old
    read = read_receipt(raw)
    assert read.digest == seen.digest
    assert (await archive.replay(read)).identical
