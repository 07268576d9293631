"""The authority matrix: what each role may do, and that everything else is refused."""

import re
from importlib import resources
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.infra.access import Access
from austa.kernel.actors import CLERK, TIEBREAKER, Caller, Role
from austa.kernel.errors import Forbidden
from austa.kernel.ids import MemberId, OperatorId, ProviderId, new_id
from tests.conftest import clerk, staff

ACCESS = Access()
OPERATOR = OperatorId(new_id())
ROLES: tuple[Role, ...] = get_args(Role)

ANALYST, NURSE, PHYSICIAN, DIRECTOR = (
    "authorization_analyst",
    "nurse_auditor",
    "medical_auditor",
    "technical_director",
)
AUDITORS = {ANALYST, NURSE, PHYSICIAN, DIRECTOR}
CARE = {NURSE, PHYSICIAN, DIRECTOR, "care_coordinator"}
WATCHERS = {"ombudsman", "data_protection_officer"}
ADMIN = {"administrator"}
STAFF = set(ROLES) - {CLERK, TIEBREAKER}
"""Their roles give nothing to staff: a clerk has a provider, a tie-breaker a board that waits for them."""

# Action, attributes of the thing, the roles of staff that may. Who is not named may not.
MATRIX: list[tuple[str, dict[str, Any], set[str]]] = [
    ("decision:release", {"outcome": "approve"}, AUDITORS),
    ("decision:release", {"outcome": "request_information"}, AUDITORS),
    ("decision:release", {"outcome": "administrative_return"}, {ANALYST, DIRECTOR}),
    ("decision:release", {"outcome": "deny"}, {DIRECTOR}),
    ("decision:release", {"outcome": "approve_in_part"}, {DIRECTOR}),
    ("decision:release", {"outcome": "something new"}, set()),
    ("decision:release", {}, set()),
    ("opinion:write", {"queue": "medical"}, {PHYSICIAN, DIRECTOR}),
    ("opinion:write", {"queue": "nurse"}, {NURSE, PHYSICIAN, DIRECTOR}),
    ("opinion:write", {}, {PHYSICIAN, DIRECTOR}),
    ("case:read", {}, AUDITORS),
    ("case:assign", {}, AUDITORS),
    ("case:contact", {}, AUDITORS),
    ("case:forward", {"queue": "nurse"}, {NURSE, DIRECTOR}),
    ("case:forward", {"queue": "medical"}, set()),
    ("case:forward", {}, set()),
    ("authorization:create", {}, AUDITORS),
    ("authorization:cancel", {}, AUDITORS),
    ("authorization:read", {}, AUDITORS | WATCHERS | CARE),
    ("document:read", {}, AUDITORS | CARE),
    ("document:submit", {}, AUDITORS),
    ("member:read", {}, AUDITORS | CARE),
    ("provider:read", {}, AUDITORS | ADMIN),
    ("provider:read", {"provider": "somebody's"}, AUDITORS | ADMIN),
    ("member:confirm", {}, set()),
    ("conversation:read", {}, AUDITORS | CARE),
    ("message:send", {}, AUDITORS | CARE),
    ("triage_task:read", {}, AUDITORS | CARE),
    ("triage_task:acknowledge", {}, CARE),
    ("duty:change", {}, {DIRECTOR, "care_coordinator"}),
    ("canned_answer:change", {}, {*ADMIN, DIRECTOR, "care_coordinator"}),
    ("message_cost:read", {}, {*ADMIN, DIRECTOR, "care_coordinator"}),
    ("message_price:change", {}, ADMIN),
    ("message_template:read", {}, {*ADMIN, DIRECTOR, "care_coordinator", "data_protection_officer"}),
    ("message_template:write", {}, {*ADMIN, "care_coordinator"}),
    ("message_template:release", {}, {*ADMIN, DIRECTOR, "data_protection_officer"}),
    ("ledger:read", {}, AUDITORS | WATCHERS | ADMIN),
    ("staff:list", {}, ADMIN),
    ("staff:invite", {}, ADMIN),
    ("member:import", {}, ADMIN),
    ("provider:import", {}, ADMIN),
    ("outbox_page:read", {}, ADMIN),
    ("calendar:change", {}, ADMIN),
    ("response_times:read", {}, {*ADMIN, DIRECTOR, "ombudsman"}),
    ("language:analyze", {}, STAFF),
    ("terminology:read", {}, STAFF),
    ("signal:read", {}, {PHYSICIAN, DIRECTOR}),
    ("signal:read", {"queue": "medical"}, {PHYSICIAN, DIRECTOR}),
    ("signal:read", {"queue": "manual"}, {PHYSICIAN, DIRECTOR, ANALYST}),
    ("signal:raise", {}, set()),
    ("signal:import", {}, ADMIN),
    ("signal_rules:read", {}, {*ADMIN, *WATCHERS, PHYSICIAN, DIRECTOR}),
    ("signal_rules:change", {}, ADMIN),
]


@pytest.mark.parametrize(
    ("action", "attributes", "allowed"), MATRIX, ids=[f"{action}-{'-'.join(has.values())}" for action, has, _ in MATRIX]
)
def test_the_authority_matrix(action: str, attributes: dict[str, Any], allowed: set[str]) -> None:
    assert {role for role in ROLES if ACCESS.allows(staff(OPERATOR, role), action, **attributes)} == allowed


def test_a_tie_breaker_sits_where_the_board_waits_for_them_and_nowhere_else() -> None:
    one = Caller(operator_id=OPERATOR, kind="tiebreaker", id=str(new_id()), roles=frozenset({TIEBREAKER}))
    assert ACCESS.granted(one) == ("board:record", "board:sit")
    for action in ACCESS.actions:
        assert not ACCESS.allows(one, action, tiebreaker=str(new_id()))
        assert not ACCESS.allows(one, action, tiebreaker=one.id, own_request=True)
        assert not ACCESS.allows(one, action, owner=one.id, provider=one.id)


def test_what_is_granted_is_what_each_question_answers() -> None:
    """The screens lead where this says; a clerk is asked about the own provider's things."""
    provider = ProviderId(new_id())
    for caller in (staff(OPERATOR, "ombudsman"), staff(OPERATOR), clerk(OPERATOR, provider)):
        own = str(provider) if caller.provider_id else None
        assert ACCESS.granted(caller) == tuple(a for a in ACCESS.actions if ACCESS.allows(caller, a, provider=own))
    assert ACCESS.granted(staff(OPERATOR)) == ("calendar:read",)
    assert "authorization:create" in ACCESS.granted(clerk(OPERATOR, provider))


def test_a_person_without_a_role_may_do_nothing() -> None:
    assert [action for action, attributes, _ in MATRIX if ACCESS.allows(staff(OPERATOR), action, **attributes)] == []


@pytest.mark.parametrize("outcome", ["approve", "deny", "approve_in_part", "administrative_return"])
def test_the_system_releases_nothing(outcome: str) -> None:
    assert not ACCESS.allows(Caller.system(OPERATOR, "prior_auth"), "decision:release", outcome=outcome)
    assert not ACCESS.allows(Caller.system(OPERATOR, "prior_auth"), "opinion:write", queue="nurse")


@pytest.mark.parametrize("outcome", ["approve", "deny", "request_information"])
def test_nobody_decides_what_they_requested_or_reviewed(outcome: str) -> None:
    director = staff(OPERATOR, "technical_director")
    assert not ACCESS.allows(director, "decision:release", outcome=outcome, own_request=True)
    assert ACCESS.allows(director, "decision:release", outcome=outcome, own_request=False)
    assert not ACCESS.allows(director, "opinion:write", own_request=True)
    assert not ACCESS.allows(director, "message_template:release", own_request=True)


@given(
    roles=st.sets(st.sampled_from(ROLES)),
    what=st.sampled_from(MATRIX),
    kind=st.sampled_from(["staff", "system", "member"]),
)
def test_no_role_reaches_into_another_operator(
    roles: set[Role], what: tuple[str, dict[str, Any], set[str]], kind: str
) -> None:
    caller = Caller(operator_id=OPERATOR, kind=kind, id=str(new_id()), roles=frozenset(roles))
    action, attributes, _ = what
    assert not ACCESS.allows(caller, action, operator_id=OperatorId(new_id()), owner=caller.id, **attributes)


@given(roles=st.sets(st.sampled_from(ROLES)), what=st.sampled_from(MATRIX))
def test_several_roles_may_what_any_of_them_may(roles: set[Role], what: tuple[str, dict[str, Any], set[str]]) -> None:
    action, attributes, allowed = what
    assert ACCESS.allows(staff(OPERATOR, *roles), action, **attributes) == bool(roles & allowed)


MEMBERS_MAY = {
    "authorization:read",
    "authorization:create",
    "authorization:cancel",
    "document:read",
    "document:submit",
}


@pytest.mark.parametrize("action", sorted({action for action, _, _ in MATRIX}))
def test_members_see_only_what_is_theirs(action: str) -> None:
    member = Caller.member(OPERATOR, MemberId(new_id()))
    assert ACCESS.allows(member, action, owner=member.id) == (action in MEMBERS_MAY)
    assert not ACCESS.allows(member, action, owner=str(new_id()))
    assert not ACCESS.allows(member, action)


CLERKS_MAY = {
    "authorization:read",
    "authorization:create",
    "authorization:cancel",
    "document:read",
    "document:submit",
    "provider:read",
}


@pytest.mark.parametrize("action", sorted({action for action, _, _ in MATRIX}))
def test_clerks_see_only_what_is_their_providers(action: str) -> None:
    person = clerk(OPERATOR, ProviderId(new_id()))
    anyway = action in {"member:confirm", "terminology:read"}
    assert ACCESS.allows(person, action, provider=str(person.provider_id)) == (action in CLERKS_MAY or anyway)
    assert ACCESS.allows(person, action, provider=str(new_id()), owner=person.id) == anyway
    assert ACCESS.allows(person, action, owner=person.id) == anyway


def test_a_fault_is_a_refusal() -> None:
    """What the schema does not know is never let through: actions, attributes, attributes of another type."""
    director = staff(OPERATOR, "technical_director")
    assert not ACCESS.allows(director, "case:burn")
    assert not ACCESS.allows(director, "case:read", colour="red")
    assert not ACCESS.allows(director, "case:read", own_request="no")


def test_a_refusal_names_the_action_and_nobody() -> None:
    caller = staff(OPERATOR, "ombudsman")
    with pytest.raises(Forbidden) as refusal:
        ACCESS.check(caller, "decision:release", outcome="deny")
    assert refusal.value.code == "access.denied"
    assert refusal.value.details == {"action": "decision:release"}
    assert caller.id not in str(refusal.value)


def test_policies_compare_whose_it_is_with_the_caller_alone() -> None:
    """So the answer is the same for all whose it is not, and is asked for once (`infra.access`)."""
    policies = (resources.files("austa.infra") / "access.cedar").read_text("utf-8")
    policies = re.sub(r"//.*", "", policies)
    for name, own in (("owner", "id"), ("provider", "provider")):
        compared = rf"resource has {name} && resource\.{name} == principal\.{own}\b"
        assert re.search(compared, policies)
        assert not re.search(rf"resource(\.| has ){name}\b", re.sub(compared, "", policies))
