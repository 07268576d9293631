"""The ladder of eligibility: each check with its evidence, clause and TISS reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.personal import Personal
from austa.modules.medical_audit.domain.reason_codes import reason_codes_on
from austa.modules.members.api import PreexistingRestriction, WaitingPeriod
from austa.modules.prior_auth.adapters.coverage_file import load_pack
from austa.modules.prior_auth.api.requests import EligibilityCheck
from austa.modules.prior_auth.domain.assessment import assess
from austa.modules.prior_auth.domain.eligibility import CHECKS, check_eligibility, no_card, propose_return
from austa.modules.prior_auth.domain.facts import Facts, RequesterFacts
from tests.modules.prior_auth.cases import DAY, a_member, a_place, cids, facts, lines, past
from tests.modules.prior_auth.seeds import TABLES
from tests.modules.prior_auth.test_assessment import any_facts

PACK = load_pack()
HEMOGRAM = lines("40304361")
HEART = PreexistingRestriction(declared=Personal("Cardiopatia"), cids=("I25",), ends_on=DAY + timedelta(days=60))


def found(asked: Facts, name: str) -> EligibilityCheck:
    (check,) = (check for check in check_eligibility(asked, PACK) if check.check == name)
    return check


def person(**changes: Any) -> Facts:
    return facts(HEMOGRAM, member=a_member(**changes))


class TestContract:
    def test_an_open_invoice_alone_is_no_ineligibility(self) -> None:
        check = found(person(unpaid_instalments=3), "contract")
        assert (check.outcome, check.clause) == ("pass", "RN ANS 593/2023")
        assert "não impede" in check.text

    @pytest.mark.parametrize(
        ("unpaid", "days_since_notice", "outcome"),
        [(2, 10, "fail"), (5, 60, "fail"), (2, 9, "unknown"), (1, 60, "unknown"), (2, None, "unknown")],
    )
    def test_default_needs_two_instalments_and_ten_days_after_notice(
        self, unpaid: int, days_since_notice: int | None, outcome: str
    ) -> None:
        notified = None if days_since_notice is None else DAY - timedelta(days=days_since_notice)
        asked = person(
            contract_status="suspended",
            status_reason="default",
            unpaid_instalments=unpaid,
            default_notified_on=notified,
            status_since=DAY - timedelta(days=5),
        )
        check = found(asked, "contract")
        assert (check.outcome, check.tiss_reason, check.clause) == (outcome, "1016", "RN ANS 593/2023")
        assert check.values["unpaid_instalments"] == str(unpaid)
        assert check.values["status_since"] == (DAY - timedelta(days=5)).isoformat()

    def test_default_without_proof_is_not_proposed_and_goes_to_a_person(self) -> None:
        asked = person(contract_status="cancelled", status_reason="default", unpaid_instalments=1)
        result = assess(asked, PACK, TABLES)
        assert (result.path, result.queue, result.proposal) == ("AUDIT", "administrative", None)
        assert "INA01" in result.routes

    def test_care_before_death_or_exclusion_is_care_of_a_member(self) -> None:
        tomorrow = DAY + timedelta(days=1)
        assert found(person(deceased_on=tomorrow), "contract").outcome == "pass"
        assert found(person(deceased_on=DAY), "contract").outcome == "fail"
        assert found(person(excluded_on=tomorrow), "contract").outcome == "pass"

    def test_care_before_the_contract_began(self) -> None:
        check = found(person(days=-1), "contract")
        assert (check.outcome, check.tiss_reason) == ("fail", "3308")


class TestWaitingPeriod:
    @pytest.mark.parametrize("days", [0, 1, 179, 180, 299, 300])
    def test_agrees_with_the_law_counted_by_hand(self, days: int) -> None:
        for code, character, limit in (
            ("40304361", "elective", 180),
            ("31309127", "elective", 300),
            ("31309127", "urgent", 1),
        ):
            asked = facts(lines(code), member=a_member(days=days), character=character)
            assert (found(asked, "waiting_period").outcome == "fail") == (days < limit), (code, character)

    @pytest.mark.parametrize("why", ["portability", "collective", "newborn"])
    def test_whoever_is_spared_waits_for_nothing(self, why: str) -> None:
        check = found(person(days=1, waiting_periods=(), waiting_waived=why), "waiting_period")
        assert (check.outcome, check.values) == ("pass", {"waiting_waived": why})
        assert check.text.startswith("Sem carência")

    def test_an_item_that_nobody_knows_waits_like_any_other(self) -> None:
        asked = facts(lines("31309127", "99999999"), member=a_member(days=100))
        only_other = asked.member.model_copy(
            update={"waiting_periods": (WaitingPeriod(kind="other", ends_on=DAY + timedelta(days=9), clause="12"),)}
        )
        assert found(asked.model_copy(update={"member": only_other}), "waiting_period").outcome == "fail"

    def test_an_elective_period_does_not_stand_before_urgency_and_is_told(self) -> None:
        asked = facts(HEMOGRAM, member=a_member(days=30), character="urgent")
        check = found(asked, "waiting_period")
        assert (check.outcome, check.evidence != ()) == ("pass", True)
        assert "35-C" in (check.clause or "")

    def test_clause_and_day_are_evidence(self) -> None:
        check = found(person(days=100), "waiting_period")
        assert check.clause == "Cláusula 12.2; Lei 9.656/98, art. 12, V"
        assert check.values["waiting_ends_on"] == (DAY + timedelta(days=80)).isoformat()


class TestPreexisting:
    @pytest.mark.parametrize(
        ("code", "outcome"), [("30912032", "unknown"), ("40304361", "pass"), ("99999999", "unknown")]
    )
    def test_only_a_physician_says_whether_it_is_related(self, code: str, outcome: str) -> None:
        asked = facts(lines(code), member=a_member(restrictions=(HEART,)))
        assert found(asked, "preexisting").outcome == outcome
        assert assess(asked, PACK, TABLES).path != "ADMIN"

    def test_the_same_cid_is_told_and_decides_nothing(self) -> None:
        told = [
            found(facts(lines("30912032"), member=a_member(restrictions=(HEART,)), cids=cids(cid)), "preexisting")
            for cid in ("I25.1", "S83.5")
        ]
        assert [check.outcome for check in told] == ["unknown", "unknown"]
        assert told[0].evidence != told[1].evidence

    def test_a_bed_of_intensive_care_is_high_technology(self) -> None:
        asked = facts(lines("60001038"), member=a_member(restrictions=(HEART,)))
        assert found(asked, "preexisting").outcome == "unknown"

    def test_a_restriction_that_ended_is_none(self) -> None:
        ended = HEART.model_copy(update={"ends_on": DAY})
        assert found(facts(lines("30912032"), member=a_member(restrictions=(ended,))), "preexisting").outcome == "pass"


class TestPlaces:
    def test_outside_the_area_a_person_finds_another_place(self) -> None:
        member = a_member(coverage_area="state", coverage_states=("RJ",))
        result = assess(facts(HEMOGRAM, member=member, provider=a_place()), PACK, TABLES)
        check = next(check for check in result.checks if check.check == "coverage_area")
        assert (check.outcome, check.tiss_reason) == ("warn", "3277")
        assert (result.path, result.queue) == ("AUDIT", "administrative")

    @pytest.mark.parametrize(
        ("cities", "outcome"),
        [(("São Paulo",), "pass"), (("SÃO PAULO", "Santos"), "pass"), (("Santos",), "warn"), ((), "unknown")],
    )
    def test_municipal_plans_name_their_municipalities(self, cities: tuple[str, ...], outcome: str) -> None:
        member = a_member(coverage_area="municipality_group", coverage_states=("SP",), coverage_cities=cities)
        asked = facts(HEMOGRAM, member=member, provider=a_place(city="São Paulo"))
        assert found(asked, "coverage_area").outcome == outcome

    def test_urgent_care_outside_the_area_is_approved(self) -> None:
        member = a_member(coverage_area="state", coverage_states=("RJ",))
        asked = facts(lines("31005497"), "L", member=member, provider=a_place(), character="urgent", channel="api")
        assert assess(asked, PACK, TABLES).path == "URG"

    @pytest.mark.parametrize(
        ("requester", "outcome", "reason"),
        [
            (RequesterFacts(known=False, good_standing=False), "warn", None),
            (RequesterFacts(known=True, good_standing=False), "unknown", "1417"),
            (None, "unknown", "1411"),
        ],
    )
    def test_where_the_requester_works_is_no_reason(
        self, requester: RequesterFacts | None, outcome: str, reason: str | None
    ) -> None:
        check = found(facts(HEMOGRAM, requester=requester), "requester")
        assert (check.outcome, check.tiss_reason) == (outcome, reason)


class TestItems:
    def test_an_earlier_authorization_is_linked(self) -> None:
        check = found(facts(lines("41101316"), history=(past("41101316", 20),)), "duplicate")
        assert (check.outcome, check.tiss_reason) == ("warn", "3289")
        assert check.values["asked_on"] == (DAY - timedelta(days=20)).isoformat()
        assert check.values.keys() >= {"protocol", "request_id"}

    @pytest.mark.parametrize(
        "earlier",
        [
            past("41101316", 31),
            past("41101316", 3, "DENIED"),
            past("41101316", 3, laterality="left"),
            past("50000470", 3),
        ],
    )
    def test_what_is_no_duplicate(self, earlier: Any) -> None:
        asked = facts(lines("41101316", laterality="right"), history=(earlier,))
        assert found(asked, "duplicate").outcome == "pass"

    @given(st.sampled_from(["50000470", "50000616", "50000080"]), st.integers(1, 999))
    def test_sessions_of_therapy_have_no_cap(self, code: str, quantity: int) -> None:
        check = found(facts(lines(code, quantity=quantity)), "quantity")
        assert (check.outcome, check.clause) == ("pass", "RN ANS 541/2022")

    def test_more_than_foreseen_is_for_a_physician(self) -> None:
        check = found(facts(lines("40304361", quantity=2)), "quantity")
        assert (check.outcome, check.tiss_reason, check.values) == ("warn", "3293", {"quantity_40304361": "2"})

    def test_too_soon_after_the_last(self) -> None:
        check = found(facts(lines("40302733"), history=(past("40302733", 89),)), "interval")
        assert (check.outcome, check.values["days_since_last"]) == ("warn", "89")

    def test_a_code_with_a_wrong_digit_is_hinted_at_and_never_refused(self) -> None:
        asked = facts((lines("40304362")[0].model_copy(update={"in_terminology": False, "doubtful_digit": True}),))
        check = found(asked, "coverage_list")
        assert (check.outcome, "possível erro de digitação" in check.evidence[1]) == ("unknown", True)
        assert assess(asked, PACK, TABLES).path == "AUDIT"

    @pytest.mark.parametrize(("given_facts", "outcome"), [({}, "unknown"), ({"trauma": False}, "warn")])
    def test_a_guideline_is_shown_criterion_by_criterion(self, given_facts: dict[str, Any], outcome: str) -> None:
        check = found(facts(lines("41101316"), given=given_facts), "guideline")
        assert check.outcome == outcome
        assert len(check.evidence) == 3


@given(any_facts)
def test_every_check_is_answered_once_in_order_and_urgency_blocks_nothing_but_24_hours(asked: Facts) -> None:
    checks = check_eligibility(asked, PACK)
    assert tuple(check.check for check in checks) == CHECKS
    if asked.urgent:
        assert {check.check for check in checks if check.outcome == "fail"} <= {"waiting_period", "contract"}
        if asked.member.contract_started_on < DAY:
            assert all(check.outcome != "fail" for check in checks)


@given(any_facts)
def test_a_failure_is_only_proposed_and_has_a_reason_in_force(asked: Facts) -> None:
    checks = check_eligibility(asked, PACK)
    in_force = {code.code for code in reason_codes_on(date(2026, 11, 21)) if code.in_force}
    assert {check.tiss_reason for check in checks if check.tiss_reason} <= in_force
    proposal = propose_return(checks)
    if proposal:
        assert set(proposal.reason_codes) <= in_force
        assert proposal.clause


def test_a_card_that_nobody_bears_leaves_all_else_unknown() -> None:
    checks = no_card()
    assert tuple(check.check for check in checks) == CHECKS
    assert {check.outcome for check in checks if check.check != "card"} == {"unknown"}
    assert next(check for check in checks if check.check == "card").tiss_reason == "1001"
