"""`kill -9` of any process at any point of the main job: nothing lost, nothing doubled, an answer in ten seconds.

The ten seconds are measured where nothing else runs: in the slow suite. The quick test runs beside the web's tests.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import psutil
import pytest

from austa.demo.days import first_day
from austa.demo.orders.render import render_paper
from austa.demo.people import OPERATOR, demo_world
from austa.kernel.clock import SystemClock
from tests.system.installation import Installation, Phone, new_key, wait_for

PROCESSES = ("supervisor", "postgres", "api", "worker")
ANSWERS_WITHIN_S = 10.0
SAYS_WITHIN_S = 2 * ANSWERS_WITHIN_S
"""What was perhaps said before the kill waits for its status about as long again as AUSTA was away."""
REST_WITHIN_S = 60.0
"""After ten kills in a row a process is started again ever later, and who needs it tries again ever later."""

CHAT_POINTS = ("written", "stored", "greeted", "consented", "sent", "kept", "asked", "decided")
CASE_POINTS = ("opinion", "release")
"""Ten points: the member has written; the webhook is committed; AUSTA's first words are shown; consent was tapped; the
photo was sent; it is stored (and being read); the request is taken; it is decided (and the member is being told); then
the auditor's opinion and the release of a decision are on their way."""


@dataclass
class Killer:
    """Kills at chosen points, starts AUSTA again where the supervisor died, and keeps the time. `victims`: whom, by
    point."""

    austa: Installation
    victims: Mapping[str, str]
    took: dict[str, float] = field(default_factory=dict)
    killed_at: float | None = None

    def reached(self, point: str) -> None:
        """Kill here, if this is one of the points, and wait until AUSTA answers again."""
        if point in self.victims:
            self.kill(point)
            self.recover(point)

    def kill(self, point: str) -> None:
        self.before = self.austa.pids()
        self.killed_at = time.monotonic()
        self.austa.kill(self.victims[point])

    def recover(self, point: str) -> None:
        assert self.killed_at is not None
        victim = self.victims[point]
        if victim == "supervisor":
            assert self.austa.process is not None
            self.austa.process.wait(10)
            self.austa.start()
        wait_for(lambda: self._is_new(victim), 30, f"{victim} was not started again", self.austa.output)
        self.austa.wait_ready()
        self.took[f"{point}: ready"] = time.monotonic() - self.killed_at

    def answered(self, point: str) -> None:
        """AUSTA has just said what a person waits for; note how long after the last kill, if it was just before."""
        if self.killed_at is not None:
            self.took[f"{point}: said"] = time.monotonic() - self.killed_at
            self.killed_at = None

    def _is_new(self, victim: str) -> bool:
        with suppress(OSError, ValueError, IndexError, KeyError):
            return self.austa.pids()[victim] != self.before[victim]
        return False


def test_kills_here_and_there_lose_and_double_nothing(assessed: Installation) -> None:
    victims = {"stored": "worker", "consented": "postgres", "sent": "supervisor", "kept": "api", "release": "worker"}
    _main_job_under_fire(assessed, victims, "helio", "30715016")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("victim", "member", "tuss"),
    [
        ("supervisor", "anselmo", "20104294"),
        ("postgres", "lucimar", "30912032"),
        ("api", "renata", "40202038"),
        ("worker", "camila", "30602122"),
    ],
)
def test_ten_kills_in_one_main_job_lose_and_double_nothing(
    assessed: Installation, victim: str, member: str, tuss: str
) -> None:
    took = _main_job_under_fire(assessed, dict.fromkeys((*CHAT_POINTS, *CASE_POINTS), victim), member, tuss)
    limits = {point: SAYS_WITHIN_S if point.endswith("said") else ANSWERS_WITHIN_S for point in took}
    late = {point: round(seconds, 1) for point, seconds in took.items() if seconds > limits[point]}
    assert late == {}, "AUSTA answers within ten seconds after any kill"


def _main_job_under_fire(
    austa: Installation, victims: Mapping[str, str], member: str, tuss: str
) -> Mapping[str, float]:
    """Do the main job with these kills; returns the seconds that AUSTA took to be ready and to answer after each."""
    killer = Killer(austa, victims)
    _member_asks(austa, killer, member)
    _auditor_decides(austa, killer, tuss)
    _all_processes_run(austa)
    _ledger_is_whole(austa)
    parked = austa.query("select handler, reason from dispatch.delivery where state = 'parked'")
    assert [row for row in parked if row["handler"].startswith("chat")] == []
    print("\n" + ", ".join(f"{point} {seconds:.1f} s" for point, seconds in killer.took.items()))
    return killer.took


def _member_asks(austa: Installation, killer: Killer, member: str) -> None:
    phone = Phone(austa, _phone_of(austa, member))
    order = _order_for(austa, member)
    begins = austa.query("select coalesce(max(position), 0) as position from outbox.event")[0]["position"]

    def published(event_type: str) -> bool:
        return bool(
            austa.query("select from outbox.event where position > $1 and type = $2 limit 1", begins, event_type)
        )

    def when(event_type: str, point: str) -> None:
        if point in killer.victims:
            try:
                wait_for(lambda: published(event_type), 60, f"no {event_type}", austa.output)
            except AssertionError as error:
                raise AssertionError(f"{error}\nThe member was told: {phone.texts()}") from None
            killer.reached(point)

    phone.write("bom dia, o médico pediu um ultrassom da barriga, mando a foto?")
    killer.reached("written")
    when("chat.message_received.v1", "stored")
    phone.wait_for_text("assistente automática")
    killer.answered("greeting")
    killer.reached("greeted")
    phone.tap("Aceito")
    killer.killed_at = None
    killer.reached("consented")
    phone.wait_for_text("foto do pedido")
    killer.answered("asks for the photo")
    phone.send_file("pedido.jpg", order, "image/jpeg")
    killer.reached("sent")
    phone.wait_for_text("Recebi o arquivo")
    killer.answered("photo has arrived")
    when("documents.document_stored.v1", "kept")
    when("prior_auth.request_received.v1", "asked")
    when("prior_auth.request_decided.v1", "decided")
    phone.wait_for_text("autorizado", 90)
    killer.killed_at = None

    _settle(austa)
    said = phone.texts()
    assert sorted(said) == sorted(set(said)), "nothing is said twice"
    assert len([text for text in said if "Guia:" in text]) == 1
    analyst = austa.sign_in("analista@demo.example")
    asked = austa.query(
        "select envelope->'data'->>'request_id' as id from outbox.event"
        " where position > $1 and type = 'prior_auth.request_received.v1'",
        begins,
    )
    assert len(asked) == 1, "one request"
    request = analyst.get(f"/api/v1/authorizations/{asked[0]['id']}").json()
    assert request["state"] == "ISSUED"
    decided = austa.query(
        "select id from outbox.event where position > $1 and type = 'prior_auth.request_decided.v1'", begins
    )
    assert len(decided) == 1, "one decision"
    assert _leaves_of(austa, [row["id"] for row in decided]) == 1


def _auditor_decides(austa: Installation, killer: Killer, tuss: str) -> None:
    auditor = austa.sign_in("auditor@demo.example")
    line = auditor.get("/api/v1/cases", params={"q": tuss}).json()["items"][0]
    key, body = new_key(), {"kind": "favourable", "text": "Indicação documentada no relatório anexo."}
    opinion = _under_way(
        killer, "opinion", lambda: auditor.post(f"/api/v1/cases/{line['id']}/opinion", json=body, headers=key)
    )
    assert opinion.status_code == 201, opinion.text
    case = auditor.get(f"/api/v1/cases/{line['id']}").json()
    assert len(case["opinions"]) == 1
    key = new_key()
    wanted = {"case_id": line["id"], "outcome": "approve", "version": case["case"]["version"]}
    released = _under_way(killer, "release", lambda: auditor.post("/api/v1/decisions", json=wanted, headers=key))
    assert released.status_code == 202, released.text

    def sealed() -> dict[str, Any] | None:
        with suppress(httpx2.HTTPError):
            release = auditor.get(f"/api/v1/cases/{line['id']}").json()["release"]
            return release if release and release["state"] == "sealed" else None
        return None

    wait_for(sealed, 55, "the decision was never sealed", austa.output)
    assert auditor.get(f"/api/v1/ledger/proofs/{released.json()['id']}").status_code == 200
    again = auditor.get("/api/v1/cases", params={"q": tuss}).json()["items"]
    assert [one["id"] for one in again].count(line["id"]) <= 1


def _under_way(killer: Killer, point: str, send: Callable[[], httpx2.Response]) -> httpx2.Response:
    """Send, be killed while that is under way, and send the same again until AUSTA has taken it."""
    if point in killer.victims:
        thread = threading.Thread(target=_try, args=(send,))
        thread.start()
        time.sleep(0.02)
        killer.kill(point)
        thread.join()
        killer.recover(point)
    answers: list[httpx2.Response] = []

    def taken() -> bool:
        with suppress(httpx2.HTTPError):
            answers.append(send())
            return answers[-1].status_code < 300
        return False

    try:
        wait_for(taken, 30, f"{point} was never taken", killer.austa.output)
    except AssertionError as error:
        raise AssertionError(f"{error}\nIt answered {[answer.text for answer in answers[-1:]]}") from None
    killer.answered(point)
    return answers[-1]


def _try(send: Callable[[], httpx2.Response]) -> None:
    with suppress(httpx2.HTTPError):
        send()


def _settle(austa: Installation) -> None:
    """Wait until nothing is due, and a moment longer: what is said twice is said late."""
    waiting = (
        "select handler, due, attempts, not_before, lease_until - now() as leased_for, lease_holder"
        " from dispatch.delivery where state = 'waiting' and not_before <= now() limit 5"
    )
    try:
        wait_for(lambda: not austa.query(waiting), REST_WITHIN_S, "AUSTA never came to rest", austa.output)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{austa.query(waiting)}") from None
    time.sleep(1.0)


def _all_processes_run(austa: Installation) -> None:
    pids = austa.pids()
    assert set(pids) == set(PROCESSES)
    assert all(psutil.pid_exists(pid) for pid in pids.values())
    assert austa.process is not None
    assert pids["supervisor"] == austa.process.pid


def _ledger_is_whole(austa: Installation) -> None:
    verified = austa.austa("ledger", "verify", "--operator", OPERATOR.ans_registration, "--json")
    assert verified.status == 0, verified.output + verified.complaint
    (twice,) = austa.query("select count(*) - count(distinct source_event_id) as count from ledger.entry")
    assert twice["count"] == 0


def _leaves_of(austa: Installation, events: list[Any]) -> int:
    return int(austa.query("select count(*) from ledger.entry where source_event_id = any($1)", events)[0]["count"])


def _world(austa: Installation) -> Any:
    return demo_world(first_day(austa.data / "demo", SystemClock()))


def _phone_of(austa: Installation, member: str) -> str:
    return "".join(digit for digit in _world(austa).member(member).phone if digit.isdigit())


def _order_for(austa: Installation, member: str) -> bytes:
    """A photo of an order that the rules approve, made out to that member."""
    world = _world(austa)
    sample = next(request for request in world.samples if request.key == "sample-ultrasound")
    paper = replace(sample.papers[0], name=f"{member}.jpg")
    return render_paper(world, replace(sample, member_key=member, papers=(paper,)), paper)
