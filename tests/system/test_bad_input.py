"""Bad input over HTTP: a clear problem document with a stable code, and nothing is lost."""

import http.client
import json
import secrets
import statistics
import time
from typing import Any

import httpx2
import psutil
import pytest

from austa.bench.graph.webhooks import Sender, message_webhook, new_message_id, sign, wire_bytes
from austa.demo.app import SHARED_WITH_STAND_IN
from austa.demo.places import DEMO_NUMBER
from austa.kernel.clock import SystemClock
from austa.kernel.ids import new_id
from tests.system.installation import Installation, get, new_key, post, put, wait_for

WEBHOOK = f"/webhooks/whatsapp/{DEMO_NUMBER.id}"
MEGABYTE = 1_048_576


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document, after checking that it is one (RFC 9457) with this status and code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["code"] == code, told
    assert told["status"] == status
    assert told["type"] == f"urn:austa:error:{code}"
    assert told["title"]
    assert told["detail"]
    return told


@pytest.fixture(scope="module")
def auditor(running: Installation) -> httpx2.Client:
    return running.sign_in("auditor@demo.example")


@pytest.fixture(scope="module")
def analyst(running: Installation) -> httpx2.Client:
    return running.sign_in("analista@demo.example")


def _count(running: Installation, metric: str) -> float:
    lines = get(f"{running.url}/metrics", timeout=20).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(metric))


def _webhook(text: str = "oi") -> bytes:
    phone = "5511977770000"
    now = SystemClock().now()
    content = {"body": text}
    written = message_webhook(
        DEMO_NUMBER, Sender(phone, "Ninguém"), new_message_id(phone), now, kind="text", content=content
    )
    return wire_bytes(written)


def _post_webhook(running: Installation, raw: bytes, signature: str | None) -> httpx2.Response:
    headers = {"content-type": "application/json"} | ({"x-hub-signature-256": signature} if signature else {})
    return post(running.url + WEBHOOK, content=raw, headers=headers, timeout=20)


class TestWebhook:
    @pytest.mark.parametrize("signature", ["sha256=" + "0" * 64, "nonsense", None])
    def test_a_forged_signature_is_refused_and_counted(self, running: Installation, signature: str | None) -> None:
        counted = 'austa_webhooks_refused_total{reason="signature"}'
        before = _count(running, counted)
        problem(_post_webhook(running, _webhook(), signature), 401, "chat.bad_signature")
        assert _count(running, counted) == before + 1

    def test_one_changed_byte_breaks_the_signature(self, running: Installation) -> None:
        raw = _webhook()
        signature = sign(raw, SHARED_WITH_STAND_IN)
        problem(_post_webhook(running, raw.replace(b"oi", b"oy"), signature), 401, "chat.bad_signature")

    @pytest.mark.parametrize("raw", [b"{", b"", b"\xff\xfe", b"[1, 2]"])
    def test_signed_but_malformed_is_refused(self, running: Installation, raw: bytes) -> None:
        refused = _post_webhook(running, raw, sign(raw, SHARED_WITH_STAND_IN))
        assert refused.status_code in {400, 422}, refused.text
        assert refused.json()["code"].startswith(("chat.", "http."))

    def test_a_number_that_is_not_ours_is_refused(self, running: Installation) -> None:
        raw = _webhook()
        signature = {"x-hub-signature-256": sign(raw, SHARED_WITH_STAND_IN)}
        stranger = post(f"{running.url}/webhooks/whatsapp/1", content=raw, headers=signature, timeout=20)
        problem(stranger, 404, "chat.unknown_number")

    def test_the_same_webhook_twice_is_kept_once(self, running: Installation) -> None:
        raw = _webhook("mesma mensagem duas vezes")
        signature = sign(raw, SHARED_WITH_STAND_IN)
        begins = running.query("select count(*) from chat.message")[0]["count"]
        assert [_post_webhook(running, raw, signature).status_code for _ in range(2)] == [200, 200]
        kept = running.query("select count(*) from chat.message where direction = 'in'")[0]["count"]
        assert kept <= begins + 1


class TestBodies:
    def test_malformed_json(self, running: Installation) -> None:
        headers = {"content-type": "application/json"}
        answer = post(f"{running.url}/api/v1/auth/login", content=b'{"email": ', headers=headers, timeout=20)
        problem(answer, 400, "http.malformed_json")

    def test_an_unknown_address(self, running: Installation) -> None:
        problem(get(f"{running.url}/api/v1/nothing", timeout=20), 404, "http.404")

    def test_a_method_that_is_not_for_this_address(self, running: Installation) -> None:
        problem(put(f"{running.url}/api/v1/auth/login", json={}, timeout=20), 405, "http.405")

    @pytest.mark.parametrize("declares_its_length", [True, False])
    def test_200_megabytes_are_refused_without_being_read(
        self, running: Installation, analyst: httpx2.Client, declares_its_length: bool
    ) -> None:
        api = psutil.Process(running.pids()["api"])
        before = api.memory_info().rss
        status, told, sent = _upload_zeros(running, analyst, 200, declares_its_length)
        assert status == 413
        assert told["code"] in {"http.too_large", "documents.too_large"}
        assert sent < 100, "the server stops listening long before the end"
        assert api.memory_info().rss - before < 120 * MEGABYTE

    def test_a_pdf_that_is_not_one(self, analyst: httpx2.Client) -> None:
        file = {"file": ("pedido.pdf", b"this is no PDF at all" * 50, "application/pdf")}
        answer = analyst.post("/api/v1/documents", files=file, headers=new_key())
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"].startswith("documents.")

    def test_an_unknown_member(self, analyst: httpx2.Client) -> None:
        problem(analyst.get(f"/api/v1/members/{new_id()}"), 404, "members.no_such_member")
        answer = analyst.post("/api/v1/authorizations", json=_asked(str(new_id())), headers=new_key())
        problem(answer, 404, "members.no_such_member")


class TestIdempotency:
    def test_a_post_that_creates_needs_a_key(self, analyst: httpx2.Client) -> None:
        told = problem(analyst.post("/api/v1/authorizations", json=_asked(str(new_id()))), 422, "http.invalid_fields")
        assert "idempotency-key" in json.dumps(told).lower()

    def test_the_same_key_gives_the_same_answer_and_with_another_body_422(
        self, running: Installation, analyst: httpx2.Client
    ) -> None:
        wait_for(lambda: analyst.get("/api/v1/members", params={"q": "Enzo"}).json()["items"], 60, "no member Enzo")
        member = analyst.get("/api/v1/members", params={"q": "Enzo"}).json()["items"][0]
        asked, key = _asked(member["id"]), new_key()
        first = analyst.post("/api/v1/authorizations", json=asked, headers=key)
        assert first.status_code == 201, first.text
        again = analyst.post("/api/v1/authorizations", json=asked, headers=key)
        assert again.content == first.content
        assert again.headers["idempotency-replayed"] == "true"
        other = analyst.post("/api/v1/authorizations", json={**asked, "cids": ["Z00.0"]}, headers=key)
        problem(other, 422, "http.idempotency_mismatch")


class TestSignIn:
    def test_a_wrong_password_says_the_same_as_an_unknown_person_and_takes_as_long(self, running: Installation) -> None:
        def refuse(email: str) -> float:
            began = time.perf_counter()
            answer = _log_in(running, email, "wrong-password-here")
            problem(answer, 401, "identity.sign_in_refused")
            return time.perf_counter() - began

        # Four each: one below the pause that follows five wrong passwords.
        known = [refuse("cuidado@demo.example") for _ in range(4)]
        unknown = [refuse(f"{secrets.token_hex(6)}@demo.example") for _ in range(4)]
        slower, faster = sorted((statistics.median(known), statistics.median(unknown)), reverse=True)
        assert slower < faster * 3 + 0.1, "who does not exist takes as long as who does (argon2id for both)"

    def test_too_many_wrong_passwords_are_paused(self, running: Installation) -> None:
        email = f"{secrets.token_hex(6)}@demo.example"
        answers = [_log_in(running, email, "wrong-password-here") for _ in range(8)]
        assert answers[0].status_code == 401
        problem(answers[-1], 429, "identity.sign_in_paused")
        assert int(answers[-1].headers["retry-after"]) > 0

    @pytest.mark.parametrize("token", ["garbage", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
    def test_a_token_that_is_none_is_refused(self, running: Installation, token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        answer = get(f"{running.url}/api/v1/cases", headers=headers, timeout=20)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")

    def test_an_expired_token_is_refused(self, running: Installation) -> None:
        client = running.sign_in("diretor@demo.example")
        assert client.get("/api/v1/auth/me").status_code == 200
        assert client.post("/api/v1/auth/logout").status_code in {200, 204}
        refused = client.get("/api/v1/auth/me")
        assert refused.status_code == 401, "a token ends with its sign-in"


def _asked(member_id: str) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "channel": "api",
        "asked_at": SystemClock().now().isoformat(),
        "items": [{"tuss": "40304361", "description": "Hemograma"}],
    }


def _log_in(running: Installation, email: str, password: str) -> httpx2.Response:
    body = {"email": email, "password": password, "kind": "api"}
    return post(f"{running.url}/api/v1/auth/login", json=body, timeout=60)


def _upload_zeros(
    running: Installation, client: httpx2.Client, megabytes: int, declares_its_length: bool
) -> tuple[int, dict[str, Any], int]:
    """Upload a file of zeros; returns status, problem, and the megabytes the server took before it answered."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    connection.putrequest("POST", "/api/v1/documents")
    connection.putheader("authorization", client.headers["authorization"])
    connection.putheader("content-type", "multipart/form-data; boundary=x")
    connection.putheader("idempotency-key", new_key()["idempotency-key"])
    length = {"content-length": str(len(head) + megabytes * MEGABYTE)}
    for name, value in (length if declares_its_length else {"transfer-encoding": "chunked"}).items():
        connection.putheader(name, value)
    connection.endheaders()
    sent = 0
    try:
        _send(connection, head, chunked=not declares_its_length)
        for _ in range(megabytes):
            _send(connection, bytes(MEGABYTE), chunked=not declares_its_length)
            sent += 1
    except OSError:
        pass
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read()), sent


def _send(connection: http.client.HTTPConnection, part: bytes, *, chunked: bool) -> None:
    connection.send(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
