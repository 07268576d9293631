"""Deciding again: the same facts and rules give the same decision, and whatever differs is named."""

import ast
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.infra.access import Access
from austa.kernel.errors import Invalid, Unavailable
from austa.modules.prior_auth import domain
from austa.modules.prior_auth.adapters.coverage_file import pack_source
from austa.modules.prior_auth.adapters.rule_code import RULE_CODE
from austa.modules.prior_auth.domain.receipt import Receipt, read_receipt
from austa.modules.prior_auth.service.replaying import Replay, replay
from tests.modules.prior_auth.cases import DEMO, lines
from tests.modules.prior_auth.releases import a_denial
from tests.modules.prior_auth.seeds import SEEDS, TEXTS
from tests.modules.prior_auth.signed import approved_by_rule, before_tables, hemogram, signed, signed_with, stated

ACCESS = Access()
PACKS = {sha256(text).hexdigest(): text for text in (pack_source(), *(seed.xml for seed in SEEDS.values()))}
CODE = "0" * 64


async def find(digest: str) -> bytes:
    return PACKS[digest]


async def replayed(document: dict[str, Any], code: str = CODE) -> Replay:
    return await replay(read_receipt(signed(document)), find, ACCESS, code, TEXTS)


def fields(done: Replay) -> list[str]:
    return [each.field for each in done.differences]


async def test_a_decision_by_rule_comes_out_the_same() -> None:
    assert await replayed(approved_by_rule()) == Replay((), ())


async def test_facts_that_would_not_have_been_approved_are_told_field_by_field() -> None:
    document = approved_by_rule()
    document["facts"]["papers"] = []
    differing = fields(await replayed(document))
    assert {"assessment.path", "decision.outcome", "decision.member_text", "refusals"} <= set(differing)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"member_text": "Outra coisa."}, "decision.member_text"),
        ({"ground": "clinical"}, "decision.ground"),
        ({"state": "APPROVED"}, "decision.state"),
        ({"legal_basis": "Nada"}, "decision.legal_basis"),
        ({"post_facto": True}, "decision.post_facto"),
        ({"items": [{"position": 0, "tuss": "40304361", "asked": 2, "approved": 1}]}, "decision.items[0].approved"),
        ({"steps": ["pass_eligibility", "issue"]}, "decision.state"),
    ],
)
async def test_a_decision_by_rule_that_says_something_else_is_told(change: dict[str, Any], field: str) -> None:
    assert field in fields(await replayed(approved_by_rule(**change)))


async def test_a_longer_validity_than_the_rules_give_is_told() -> None:
    document = approved_by_rule()
    document["guide"]["valid_until"] = "2027-12-21"
    assert fields(await replayed(document)) == ["guide.valid_until"]


async def test_changed_rule_code_is_a_note_and_no_difference() -> None:
    done = await replayed(approved_by_rule(), "1" * 64)
    assert done.identical
    assert done.notes == (f"the rule code changed since: {CODE} then, {'1' * 64} now",)


async def test_without_the_members_facts_nothing_can_be_replayed() -> None:
    statement = stated(approved_by_rule())
    left = {person: shown for person, shown in statement.disclosures.items() if person != "member"}
    receipt = read_receipt(signed_with(statement, left))
    with pytest.raises(Unavailable, match="about member") as refused:
        await replay(receipt, find, ACCESS, CODE, TEXTS)
    assert refused.value.code == "prior_auth.facts_withheld"


async def test_whom_the_rules_do_not_look_at_is_not_needed() -> None:
    statement = stated(approved_by_rule())
    left = {person: shown for person, shown in statement.disclosures.items() if person not in {"holder", "guardian"}}
    assert (await replay(read_receipt(signed_with(statement, left)), find, ACCESS, CODE, TEXTS)).identical


async def test_rules_of_another_digest_are_refused() -> None:
    async def other(digest: str) -> bytes:
        return pack_source() + b"\n"

    with pytest.raises(Invalid) as refused:
        await replay(read_receipt(signed(approved_by_rule())), other, ACCESS, CODE, TEXTS)
    assert refused.value.code == "prior_auth.rules_wrong"


def denied(**released: Any) -> dict[str, Any]:
    """A physician's denial of a procedure that rules route to people."""
    decision = a_denial(**released)
    content = decision.reveal_json()
    parts = ("council", "uf", "number")
    return approved_by_rule(
        hemogram(items=lines("20104294", quantity=2)),
        **{name: content[name] for name in ("reason_codes", "legal_basis", "member_text", "missing", "evidence")},
        **{name: content[name] for name in ("contacts", "earlier_reviewers", "released_at", "outcome", "ground")},
        by=content["released_by"],
        opinions=[
            {name: value for name, value in opinion.items() if name not in parts}
            | {"registration": {part: opinion[part] for part in parts}}
            for opinion in content["opinions"]
        ],
        releaser={
            "roles": sorted(decision.releaser_roles),
            "registration": {"council": "CRM", "uf": "SP", "number": "900101"},
        },
        from_state="IN_MEDICAL_AUDIT",
        steps=["complete_opinion", "release_denial"],
        state="DENIED",
        items=[{"position": 0, "tuss": "20104294", "asked": 2, "approved": 0}],
    ) | {"guide": None}


async def test_a_persons_decision_replays_its_assessment_and_was_permitted() -> None:
    assert await replayed(denied()) == Replay((), ())


@pytest.mark.parametrize(
    ("released", "refusal"),
    [
        ({"opinions": ()}, "lacks physician_opinion"),
        ({"contacts": ()}, "lacks requester_contact"),
        ({"evidence": ()}, "lacks evidence"),
        ({"reason_codes": ()}, "lacks reason_codes"),
        ({"legal_basis": "lei"}, "lacks legal_basis"),
        ({"member_text": "Não."}, "lacks member_text"),
        ({"releaser_roles": frozenset({"nurse_auditor"})}, "the person had no power to release it"),
    ],
)
async def test_a_persons_decision_that_was_not_permitted_is_told(released: dict[str, Any], refusal: str) -> None:
    done = await replayed(denied(**released))
    assert [(each.field, each.now) for each in done.differences] == [("refusals", [refusal])]


async def test_a_decision_in_ones_own_case_is_told() -> None:
    document = denied()
    document["decision"]["releaser"]["registration"]["number"] = "900010"
    assert [each.now for each in (await replayed(document)).differences] == [["the person had no power to release it"]]


async def test_steps_that_the_table_of_states_refuses_are_told() -> None:
    document = denied()
    document["decision"]["from_state"] = "RECEIVED"
    (differing, *_) = (each for each in (await replayed(document)).differences if each.field == "refusals")
    assert "complete_opinion: the request is not in a state that allows this" in differing.now


@given(case=st.sampled_from(DEMO))
async def test_every_demo_request_is_assessed_the_same_again(case: Any) -> None:
    document = approved_by_rule(case.facts)
    assert not [field for field in fields(await replayed(document)) if field.startswith("assessment")]


@given(case=st.sampled_from(DEMO))
async def test_a_receipt_older_than_the_signals_module_is_assessed_the_same_again(case: Any) -> None:
    document = approved_by_rule(case.facts)
    del document["signals"]
    assert not [field for field in fields(await replayed(document)) if field.startswith("assessment")]


async def test_a_signal_that_was_taken_out_of_a_receipt_is_missed() -> None:
    document = approved_by_rule(DEMO[4].facts)
    document["signals"]["signals"] = []
    assert "assessment.routes" in fields(await replayed(document))


async def test_a_receipt_of_format_1_replays_its_assessment() -> None:
    now = approved_by_rule()
    old = {
        "format": "austa-decision-receipt/1",
        "nonce": "00",
        "request": {},
        "considered": {"facts": now["facts"], "assessment": before_tables(now["assessment"])},
        "rules": {"version": now["rules"]["decision"]["version"], "digest": now["rules"]["decision"]["digest"]},
        "decision": {**{n: now["decision"][n] for n in ("id", "outcome", "state", "by", "at", "member_text")}},
        "guide": None,
    }
    old["decision"]["released"] = None
    done = await replay(Receipt(old["format"], old, "", None, ()), find, ACCESS, CODE, TEXTS)
    assert done.identical
    assert len(done.notes) == 1


@given(case=st.sampled_from(DEMO))
async def test_what_was_assessed_before_there_were_tables_is_assessed_the_same_by_the_seed(case: Any) -> None:
    document = approved_by_rule(case.facts)
    document["assessment"] = before_tables(document["assessment"])
    for rules in document["rules"].values():
        rules.pop("tables", None)
    assert not [field for field in fields(await replayed(document)) if field.startswith("assessment")]


async def test_tables_that_would_not_have_approved_are_told_and_a_forged_one_is_refused() -> None:
    document = approved_by_rule()
    stricter = SEEDS["routing"].xml.replace(b"&gt; Teto", b"&gt; 1")
    PACKS[sha256(stricter).hexdigest()] = stricter
    document["rules"]["assessment"] = deepcopy(document["rules"]["assessment"])
    document["rules"]["assessment"]["tables"][0]["digest"] = sha256(stricter).hexdigest()
    assert {"assessment.path", "decision.outcome"} <= set(fields(await replayed(document)))
    PACKS["f" * 64] = SEEDS["routing"].xml
    document["rules"]["assessment"]["tables"][0]["digest"] = "f" * 64
    with pytest.raises(Invalid, match="not the rules with the digest"):
        await replayed(document)


async def test_a_matrix_that_did_not_allow_it_is_told() -> None:
    document = denied()
    stricter = SEEDS["authority"].xml.replace(
        b'<text>&quot;yes&quot;</text>\n        </outputEntry>\n        <outputEntry id="outputEntry24">',
        b'<text>&quot;propose&quot;</text>\n        </outputEntry>\n        <outputEntry id="outputEntry24">',
    )
    assert stricter != SEEDS["authority"].xml
    PACKS[sha256(stricter).hexdigest()] = stricter
    document["rules"]["decision"] = deepcopy(document["rules"]["decision"])
    document["rules"]["decision"]["tables"][1]["digest"] = sha256(stricter).hexdigest()
    ((refusal,),) = [each.now for each in (await replayed(document)).differences]
    assert refusal.startswith("the authority matrix did not allow it")


def test_the_rule_code_is_everything_that_rules_run_through() -> None:
    """Read from the imports, starting at the assessment and at what checks a person's decision."""
    root = Path(str(domain.__file__)).parents[1]
    seen: set[str] = set()
    waiting = ["domain/assessment.py", "domain/authority.py", "domain/lifecycle.py"]
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        for node in ast.walk(ast.parse((root / file).read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("austa.modules.prior_auth."):
                waiting.append(str(node.module).removeprefix("austa.modules.prior_auth.").replace(".", "/") + ".py")
    assert sorted(seen) == list(RULE_CODE)
