"""The requests of the demo end, without a person, as the demo says they must."""

from austa.demo.days import first_day
from austa.demo.people import demo_world
from austa.kernel.clock import SystemClock
from tests.system.installation import Installation


def test_every_request_of_the_demo_ends_as_listed(assessed: Installation) -> None:
    world = demo_world(first_day(assessed.data / "demo", SystemClock()))
    wanted = {request.key: request for request in world.requests}
    differences = {
        key: f"{_end_of(assessed, key)}, not {' or '.join(request.outcomes)}"
        for key, request in wanted.items()
        if _end_of(assessed, key) not in request.outcomes
    }
    assert len([request for request in world.requests if request.number is not None]) == 20
    assert differences == {}


def test_what_people_must_judge_says_why(assessed: Installation) -> None:
    analyst = assessed.sign_in("diretor@demo.example")
    rows = assessed.query("select id from prior_auth.request where key like 'demo:%' and path = 'AUDIT'")
    assert rows
    for row in rows:
        request = analyst.get(f"/api/v1/authorizations/{row['id']}").json()
        reasons = [rule for rule in request["rules"] if rule["effect"] in {"route", "propose", "ask"}]
        doubts = [check for check in request["checks"] if check["outcome"] != "pass"]
        assert reasons or doubts, f"{request['protocol']} is in audit without a stated reason"


def test_the_signals_of_the_demo_are_found_and_shown_to_whoever_may_see_them(assessed: Installation) -> None:
    world = demo_world(first_day(assessed.data / "demo", SystemClock()))
    director, nurse = assessed.sign_in("diretor@demo.example"), assessed.sign_in("enfermeira@demo.example")
    for request in world.requests:
        rows = assessed.query("select id from prior_auth.request where key = $1", f"demo:{request.key}")
        door = f"/api/v1/authorizations/{rows[0]['id']}/signals"
        found = {
            signal["id"] for signal in director.get(door).json()["screening"]["signals"] if signal["effect"] != "inform"
        }
        assert found == set(request.signals), request.key
        assert nurse.get(door).status_code == 403


def test_nobody_was_denied_but_by_a_person_and_nothing_was_parked(assessed: Installation) -> None:
    denied = assessed.query(
        "select key from prior_auth.request where state in ('DENIED', 'PARTIALLY_APPROVED')"
        " and id not in (select request_id from medical_audit.release where state = 'recorded')"
    )
    assert denied == []
    parked = assessed.query("select handler, reason from dispatch.delivery where state = 'parked'")
    assert parked == []


def _end_of(assessed: Installation, key: str) -> str:
    """What its assessment came to; other tests may have let a person decide since."""
    rows = assessed.query("select state, path, queue from prior_auth.request where key = $1", f"demo:{key}")
    if not rows:
        return "missing"
    state, path, queue = rows[0]["state"], rows[0]["path"], rows[0]["queue"]
    if queue == "manual":
        return "MANUAL"
    approved_by_rule = path in {"AUTO", "URG"}
    return str(path) if not approved_by_rule or state == "ISSUED" else f"{path}, but {state}"
