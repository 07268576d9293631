"""The main job, from a message on WhatsApp to a decision that is proven, on a running AUSTA over HTTP."""

import re

from austa.modules.ledger.domain.offline import verify_file
from tests.system.installation import Installation, Phone, new_key, wait_for


def test_an_order_that_needs_a_physician_becomes_a_case(austa: Installation) -> None:
    phone = Phone(austa, "5511900000023")
    phone.write("oi, preciso de autorização pra essa ressonância do joelho")
    phone.wait_for_text("assistente automática")
    phone.tap("Aceito")
    phone.wait_for_text("foto do pedido")
    phone.send_photo("pedido-ressonancia-joelho.jpg")
    phone.wait_for_text("Recebi o arquivo")
    told = phone.wait_for_text("Uma pessoa da equipe", 120)
    assert re.search(r"Protocolo: \d{20}", told)
    assert "joelho" not in told.lower()
    auditor = austa.sign_in("auditor@demo.example")
    (line,) = [case for case in auditor.get("/api/v1/cases").json()["items"] if case["protocol"] in told]
    case = auditor.get(f"/api/v1/cases/{line['id']}").json()
    assert case["request"]["channel"] == "whatsapp"
    assert case["request"]["documents"][0]["document_id"]


def test_an_emergency_is_answered_at_once_and_a_nurse_is_told(austa: Installation) -> None:
    phone = Phone(austa, "5511900000025")
    phone.write("tô com um aperto no peito e suando frio, preciso de guia?")
    assert "192" in phone.wait_for_text("192", 15)
    nurse = austa.sign_in("enfermeira@demo.example")

    def task() -> dict | None:
        items = nurse.get("/api/v1/triage-tasks").json()["items"]
        return next((item for item in items if "aperto no peito" in item["excerpt"]), None)

    opened = wait_for(task, 10, "no task was opened")
    assert opened["level"] == "RED"
    acknowledged = nurse.post(f"/api/v1/triage-tasks/{opened['id']}/acknowledge")
    assert acknowledged.json()["state"] == "acknowledged"


def test_a_person_decides_what_the_rules_may_not_and_the_decision_is_proven(austa: Installation) -> None:
    auditor = austa.sign_in("auditor@demo.example")

    def case_of(tuss: str) -> dict | None:
        items = auditor.get("/api/v1/cases", params={"q": tuss}).json()["items"]
        return items[0] if items else None

    line = wait_for(lambda: case_of("30602122"), 120, "request 20 never became a case")
    case = auditor.get(f"/api/v1/cases/{line['id']}").json()
    assert case["request"]["rules"]
    opinion = auditor.post(
        f"/api/v1/cases/{line['id']}/opinion",
        json={"kind": "favourable", "text": "Indicação funcional documentada no relatório."},
        headers=new_key(),
    )
    assert opinion.status_code == 201, opinion.text
    version = auditor.get(f"/api/v1/cases/{line['id']}").json()["case"]["version"]
    released = auditor.post(
        "/api/v1/decisions",
        json={"case_id": line["id"], "outcome": "approve", "version": version},
        headers=new_key(),
    )
    assert released.status_code == 202, released.text

    def sealed() -> bool:
        release = auditor.get(f"/api/v1/cases/{line['id']}").json()["release"]
        return bool(release and release["state"] == "sealed")

    wait_for(sealed, 45, "the decision was never sealed")
    proof = auditor.get(f"/api/v1/ledger/proofs/{released.json()['id']}")
    assert proof.status_code == 200, proof.text
    assert verify_file(proof.text).ok
