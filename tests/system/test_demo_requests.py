"""The twenty requests of the demo end, without a person, as the demo says they must."""

from austa.demo.days import first_day
from austa.demo.people import demo_world
from austa.demo.shapes import Outcome
from austa.kernel.clock import SystemClock
from tests.system.installation import Installation

REVIEWS: dict[str, Outcome] = {
    "IN_MEDICAL_AUDIT": "AUDIT",
    "IN_NURSE_REVIEW": "AUDIT",
    "IN_MANUAL_REVIEW": "MANUAL",
    "ADMIN_REVIEW": "ADMIN",
    "PENDING_DOCUMENTS": "PEND",
    "PENDING_JUSTIFICATION": "PEND",
}


def test_every_request_of_the_demo_ends_as_listed(assessed: Installation) -> None:
    world = demo_world(first_day(assessed.data / "demo", SystemClock()))
    wanted = {request.key: request for request in world.requests if request.number is not None}
    differences = {
        f"{request.number} {key}": f"{_end_of(assessed, key)}, not {' or '.join(request.outcomes)}"
        for key, request in wanted.items()
        if _end_of(assessed, key) not in request.outcomes
    }
    assert len(wanted) == 20
    assert differences == {}


def test_what_people_must_judge_says_why(assessed: Installation) -> None:
    analyst = assessed.sign_in("diretor@demo.example")
    rows = assessed.query(
        "select id from prior_auth.request where key like 'demo:%' and state in ('IN_MEDICAL_AUDIT', 'IN_NURSE_REVIEW')"
    )
    assert rows
    for row in rows:
        request = analyst.get(f"/api/v1/authorizations/{row['id']}").json()
        reasons = [rule for rule in request["rules"] if rule["effect"] in {"route", "propose", "ask"}]
        doubts = [check for check in request["checks"] if check["outcome"] != "pass"]
        assert reasons or doubts, f"{request['protocol']} is in audit without a stated reason"


def test_nobody_was_denied_and_nothing_was_parked(assessed: Installation) -> None:
    assert assessed.query("select key from prior_auth.request where state in ('DENIED', 'PARTIALLY_APPROVED')") == []
    parked = assessed.query("select handler, reason from dispatch.delivery where state = 'parked'")
    assert parked == []


def _end_of(assessed: Installation, key: str) -> str:
    rows = assessed.query("select state, path from prior_auth.request where key = $1", f"demo:{key}")
    if not rows:
        return "missing"
    # What a person has decided meanwhile keeps the path on which it came to them.
    return REVIEWS.get(rows[0]["state"], rows[0]["path"] or rows[0]["state"])
