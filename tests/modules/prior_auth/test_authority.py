"""What a released decision must bring with it, and who may not release it."""

from datetime import timedelta
from typing import Any

import pytest

from austa.kernel.ids import PrincipalId, new_id
from austa.modules.prior_auth.api.requests import (
    ContactReference,
    ItemDecision,
    ReleasedDecision,
)
from austa.modules.prior_auth.domain.authority import Releaser, is_own_case, what_is_lacking
from tests.conftest import TODAY
from tests.modules.prior_auth.releases import AUDITOR, DIRECTOR, ITEMS, REQUESTER, TEXT, a_denial, an_opinion


def lacking(decision: ReleasedDecision, state: Any = "IN_MEDICAL_AUDIT") -> tuple[str, ...]:
    return what_is_lacking(decision, state, REQUESTER, ITEMS)


def test_complete_denial_lacks_nothing() -> None:
    assert lacking(a_denial()) == ()


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"reason_codes": ()}, "reason_codes"),
        ({"reason_codes": ("não",)}, "reason_codes"),
        ({"legal_basis": None}, "legal_basis"),
        ({"legal_basis": "manual"}, "legal_basis"),
        ({"member_text": "Negado."}, "member_text"),
        ({"member_text": TEXT + " Seguimos em análise."}, "member_text"),
        ({"member_text": None}, "member_text"),
        ({"evidence": ()}, "evidence"),
        ({"contacts": ()}, "requester_contact"),
        ({"opinions": ()}, "physician_opinion"),
        ({"opinions": (an_opinion(council="COREN"),)}, "physician_opinion"),
        ({"opinions": (an_opinion(conclusion="favourable"),)}, "physician_opinion"),
        ({"opinions": (an_opinion(number="0900010"),)}, "physician_opinion"),
        ({"ground": None}, "clinical_ground"),
        ({"ground": "administrative"}, "clinical_ground"),
    ],
)
def test_denial_without_one_of_its_grounds_is_not_kept(change: dict[str, Any], missing: str) -> None:
    assert lacking(a_denial(**change)) == (missing,)


def test_contact_must_come_before_the_release() -> None:
    late = ContactReference(contact_id=new_id(), made_by=AUDITOR, at=TODAY + timedelta(minutes=1), with_requester=True)
    assert lacking(a_denial(contacts=(late,))) == ("requester_contact",)


@pytest.mark.parametrize(("quantity", "ok"), [(1, True), (2, False), (3, False), (0, False)])
def test_a_part_is_less_than_asked_and_more_than_nothing(quantity: int, ok: bool) -> None:
    decision = a_denial(
        outcome="approve_in_part", items=(ItemDecision(position=0, approved_quantity=quantity),), member_text=TEXT
    )
    assert lacking(decision) == (() if ok else ("items",))


def test_administrative_return_is_no_way_around_a_clinical_denial() -> None:
    decision = a_denial(outcome="administrative_return", ground="administrative", opinions=(), contacts=())
    assert lacking(decision, "ADMIN_REVIEW") == ()
    assert lacking(decision, "IN_MEDICAL_AUDIT") == ("administrative_ground",)


def test_approval_needs_no_more_than_the_person() -> None:
    decision = a_denial(outcome="approve", ground=None, reason_codes=(), legal_basis=None, member_text=None)
    assert lacking(decision) == ()


def test_asking_for_information_says_what_is_missing() -> None:
    assert lacking(a_denial(outcome="request_information", member_text=None)) == ("missing",)


@pytest.mark.parametrize(
    ("releaser", "reviewers", "own"),
    [
        (Releaser("CRM", "SP", "900104"), (), False),
        (Releaser("CRM", "SP", "900010"), (), True),
        (Releaser("CRM", "RJ", "900010"), (), False),
        (Releaser(None, None, None), (), False),
        (Releaser(None, None, None), (DIRECTOR,), True),
    ],
)
def test_nobody_decides_an_own_case(releaser: Releaser, reviewers: tuple[PrincipalId, ...], own: bool) -> None:
    assert is_own_case(a_denial(earlier_reviewers=reviewers), releaser, REQUESTER) is own
