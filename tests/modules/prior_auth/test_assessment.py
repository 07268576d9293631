"""What comes of a request: the twenty demo requests, and the reasons around each gate."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.modules.prior_auth.adapters.coverage_file import load_pack
from austa.modules.prior_auth.domain.assessment import Assessment
from austa.modules.prior_auth.domain.clocks import class_of_request
from austa.modules.prior_auth.domain.eligibility import check_eligibility
from austa.modules.prior_auth.domain.facts import Facts, RequesterFacts
from tests.modules.prior_auth.cases import (
    DAY,
    DEMO,
    KNEE,
    MANY_SCREWS,
    RODS,
    SCREWS,
    Expected,
    a_member,
    a_place,
    assessed,
    cids,
    facts,
    lines,
    papers,
    past,
)
from tests.modules.prior_auth.seeds import TERMS

PACK = load_pack()
HEMOGRAM = lines("40304361", amount=2600)
KNEE_MRI = lines("41101316", amount=98_000, laterality="right")


def fired(assessment: Assessment) -> set[str]:
    return {rule.id for rule in assessment.rules}


@pytest.mark.parametrize("case", DEMO, ids=lambda case: f"request-{case.number}")
def test_demo_request_takes_its_path(case: Expected) -> None:
    result = assessed(case.facts, PACK)
    assert (result.path, result.queue) == (case.path, case.queue)
    assert set(case.rules) <= fired(result)
    assert bool(result.routes) == (case.path in {"AUDIT", "ADMIN", "URG"})
    assert bool(result.missing) == (case.path == "PEND")
    assert (result.proposal is not None) == (case.path == "ADMIN")


@pytest.mark.parametrize("case", DEMO, ids=lambda case: f"request-{case.number}")
def test_demo_request_has_its_legal_term(case: Expected) -> None:
    ruling = class_of_request(
        (PACK.service_class_of(item.tuss) for item in case.facts.items),
        TERMS,
        urgent=case.facts.urgent,
        non_care=case.facts.kind == "reimbursement",
    )
    assert TERMS.ruling[ruling].days == case.days


def test_knee_without_structured_indication_pends_with_one_plain_ask() -> None:
    result = assessed(facts(lines("41101316", amount=98_000), "PR"), PACK)
    assert result.path == "PEND"
    assert len(result.missing) == 4  # three facts and the side
    assert all("M23" not in question for question in result.missing)


def test_what_the_doctor_wrote_is_read_by_a_physician_and_not_asked_of_the_member() -> None:
    written = assessed(facts(KNEE_MRI, "PR", indication_written=True), PACK)
    assert (written.path, written.queue, written.missing) == ("AUDIT", "medical", ())
    assert "DUT04" in fired(written)
    assert assessed(facts(KNEE_MRI, "PR", given=KNEE, indication_written=True), PACK).path == "AUTO"


def test_guideline_that_is_not_met_goes_to_a_physician_and_is_not_denied() -> None:
    result = assessed(facts(KNEE_MRI, "PR", given={**KNEE, "conservative_care_weeks": 2}), PACK)
    assert (result.path, result.queue) == ("AUDIT", "medical")
    assert "DUT02" in fired(result)


def test_quotes_arrive_then_the_nurse_side_is_seen_by_a_physician_too() -> None:
    spine = lines("30715016", amount=4_200_000, quantity=3)
    result = assessed(facts(spine, "PRIOOO", materials=(SCREWS, RODS)), PACK)
    assert result.path == "AUDIT"
    assert "ENF01" in result.routes


def test_after_two_asks_a_person_helps() -> None:
    result = assessed(facts(KNEE_MRI, "PR", asks_before=2), PACK)
    assert (result.path, result.queue) == ("AUDIT", "administrative")
    assert "DOC03" in result.routes


def test_confirmed_beneficiary_settles_the_sex_conflict() -> None:
    result = assessed(facts(lines("40316149", amount=5200), given={"beneficiary_confirmed": True}), PACK)
    assert result.path == "AUTO"


def test_complication_of_birth_is_not_under_the_300_day_rule() -> None:
    asked = facts(lines("31309054"), "PC", member=a_member(days=210), given={"complication": True})
    result = assessed(asked, PACK)
    assert (result.path, result.queue) == ("AUDIT", "medical")
    assert "CAR01" in result.routes


@pytest.mark.parametrize("weeks", [30, 36])
def test_birth_before_term_is_urgency(weeks: int) -> None:
    asked = facts(lines("31309054"), "PC", member=a_member(days=210), given={"gestational_weeks": weeks})
    assert assessed(asked, PACK).path == "AUDIT"


def test_first_24_hours_of_a_contract_bring_an_urgent_request_to_a_person_at_once() -> None:
    result = assessed(facts(lines("31005497"), "LE", member=a_member(days=0), character="urgent"), PACK)
    assert (result.path, result.queue) == ("AUDIT", "medical")
    assert result.routes == ("CAR02",)


def test_waiting_period_of_180_days_does_not_stand_before_urgent_care() -> None:
    result = assessed(facts(lines("31005497"), "LE", member=a_member(days=2), character="urgent"), PACK)
    assert result.path == "URG"
    assert result.post_facto


def test_what_is_never_urgent_is_not_approved_by_the_word_urgent() -> None:
    result = assessed(facts(lines("30602122"), "PRI", character="urgent"), PACK)
    assert (result.path, result.routes) == ("AUDIT", ("URG02",))


def test_a_member_cannot_approve_themselves_by_saying_urgent() -> None:
    asked = facts(lines("31005497"), "", character="urgent", channel="whatsapp", requester=None, papers=())
    assert assessed(asked, PACK).path == "AUDIT"


def test_court_order_is_obeyed_at_once() -> None:
    result = assessed(facts(lines("40708128"), "", court_case="1000001-11.2026.8.26.0999"), PACK)
    assert result.path == "URG"
    assert "JUD01" in result.routes


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"requester": RequesterFacts(known=False, good_standing=False)}, "SOL01"),
        ({"requester": RequesterFacts(known=True, good_standing=False)}, "R16"),
        ({"provider": a_place(good_standing=False)}, "PRE01"),
        ({"papers": papers("P", "person")}, "DOC02"),
        ({"items": lines("40304361", amount=6001)}, "VAL01"),
        ({"items": lines("40304361", quantity=2)}, "QTD01"),
        ({"items": lines("99999999", in_terminology=False)}, "COD01"),
        ({"items": lines("30101010")}, "ROL02"),
        ({"items": lines("40201082")}, "BAI01"),
        ({"history": (past("40304361", 0),)}, "R01"),
        ({"items": lines("40302733"), "history": (past("40302733", 89),)}, "INT01"),
        ({"regulator_complaint": "20269900001"}, "NIP01"),
        ({"member": a_member(age=15), "cids": cids("F32.2")}, "MEN01"),
    ],
)
def test_each_condition_of_automatic_approval_is_needed(change: dict[str, Any], rule: str) -> None:
    assert assessed(facts(HEMOGRAM), PACK).path == "AUTO"
    result = assessed(facts(**{"items": HEMOGRAM, **change}), PACK)
    assert result.path == "AUDIT"
    assert rule in result.routes


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (a_member(card_valid_until=DAY - timedelta(days=1)), "1017"),
        (a_member(contract_status="suspended"), "1016"),
        (a_member(contract_status="cancelled"), "1006"),
        (a_member(excluded_on=DAY), "1006"),
        (a_member(days=20), "3171"),
        (a_member(segmentation="dental"), "3097"),
    ],
)
def test_administrative_failures_are_proposed_with_clause_and_tiss_reason(member: Any, reason: str) -> None:
    result = assessed(facts(HEMOGRAM, member=member), PACK)
    assert (result.path, result.queue) == ("ADMIN", "administrative")
    assert result.proposal is not None
    assert result.proposal.reason_codes == (reason,)
    assert result.proposal.clause
    assert "ouvidoria" in result.proposal.member_text


def test_card_that_ends_today_is_valid_today() -> None:
    assert assessed(facts(HEMOGRAM, member=a_member(card_valid_until=DAY)), PACK).path == "AUTO"


def test_provider_outside_the_network_is_no_reason_to_refuse() -> None:
    result = assessed(facts(HEMOGRAM, provider=a_place(in_network=False)), PACK)
    assert result.path == "AUTO"


def test_weekly_sessions_are_no_duplicates() -> None:
    result = assessed(facts(lines("50000470", quantity=8), "PR", history=(past("50000470", 7),)), PACK)
    assert result.path == "AUTO"


def test_other_knee_is_another_exam() -> None:
    asked = facts(KNEE_MRI, "PR", given=KNEE, history=(past("41101316", 20, laterality="left"),))
    assert assessed(asked, PACK).path == "AUTO"


def test_new_indication_explains_imaging_within_90_days() -> None:
    asked = facts(KNEE_MRI, "PR", given={**KNEE, "new_indication": True}, history=(past("41101316", 60),))
    assert assessed(asked, PACK).path == "AUTO"


def test_cancelled_request_is_no_duplicate() -> None:
    asked = facts(KNEE_MRI, "PR", given=KNEE, history=(past("41101316", 5, "CANCELLED"),))
    assert assessed(asked, PACK).path == "AUTO"


def test_order_that_says_another_code_goes_to_a_person() -> None:
    read = tuple(paper.model_copy(update={"codes": ("40901122",)}) for paper in papers("P", "read"))
    assert "DOC04" in assessed(facts(HEMOGRAM, papers=read), PACK).routes


any_facts = st.builds(
    facts,
    items=st.sampled_from(sorted(PACK.items)).map(lambda code: lines(code, amount=10_000)),
    letters=st.text("PRLIOCE", max_size=7),
    member=st.builds(
        a_member,
        sex=st.sampled_from(["F", "M", "unknown"]),
        age=st.integers(0, 100),
        days=st.integers(0, 3000),
        segmentation=st.sampled_from(["outpatient", "outpatient_hospital", "dental", "reference"]),
    ),
    character=st.sampled_from(["elective", "urgent"]),
    channel=st.sampled_from(["whatsapp", "web", "api"]),
    given=st.dictionaries(
        st.sampled_from(["trauma", "positive_examination", "conservative_care_weeks", "bmi", "complication"]),
        st.one_of(st.booleans(), st.integers(-5, 100), st.text(max_size=5)),
    ),
    materials=st.sampled_from([(), (SCREWS,), (MANY_SCREWS,)]),
    history=st.lists(st.sampled_from(sorted(PACK.items)).map(lambda code: past(code, 3)), max_size=3).map(tuple),
    asks_before=st.integers(0, 3),
)


@given(any_facts)
def test_urgent_requests_never_wait_for_papers_and_every_answer_has_a_reason(asked: Facts) -> None:
    result = assessed(asked, PACK)
    assert not (asked.urgent and result.path == "PEND")
    assert result.rules
    assert result.pack_digest == PACK.digest
    assert (result.queue is None) == (result.path in {"AUTO", "PEND"})


@given(any_facts)
def test_no_signal_is_overlooked_by_an_automatic_approval(asked: Facts) -> None:
    result = assessed(asked, PACK)
    if result.path == "AUTO":
        assert all(rule.effect in {"allow", "inform"} for rule in result.rules)
        assert all(check.outcome in {"pass", "warn"} for check in result.checks)


@given(any_facts)
def test_the_same_facts_give_the_same_answer(asked: Facts) -> None:
    kept = Facts.model_validate_json(asked.model_dump_json(context={"reveal_personal": True}))
    assert assessed(kept, PACK) == assessed(asked, PACK)


@pytest.mark.parametrize(("days", "outcome"), [(179, "fail"), (180, "pass")])
def test_waiting_period_ends_on_its_day(days: int, outcome: str) -> None:
    checks = check_eligibility(facts(lines("40304361"), member=a_member(days=days)), PACK)
    assert next(check for check in checks if check.check == "waiting_period").outcome == outcome
