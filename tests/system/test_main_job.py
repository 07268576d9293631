"""The main job, from a message on WhatsApp to a decision that is proven, on a running AUSTA over HTTP."""

import re

from austa.modules.ledger.domain.offline import verify_file
from tests.system.installation import Installation, Phone, new_key, wait_for


def test_an_order_within_the_rules_is_approved_in_seconds(austa: Installation) -> None:
    phone = Phone(austa, "5511900000024")
    phone.write("bom dia, o médico pediu um ultrassom da barriga, mando a foto?")
    phone.wait_for_text("assistente automática")
    phone.tap("Aceito")
    phone.wait_for_text("foto do pedido")
    phone.send_photo("pedido-ultrassom-abdome.jpg")
    phone.wait_for_text("Recebi o arquivo")
    approved = phone.wait_for_text("Seu pedido foi autorizado", 60)
    assert re.search(r"Guia: \S+", approved)
    assert re.search(r"Senha: \S+", approved)
    assert re.search(r"Vale até: \d\d/\d\d/\d{4}", approved)
    assert "abdome" not in approved.lower()


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

    wait_for(sealed, 30, "the decision was never sealed")
    proof = auditor.get(f"/api/v1/ledger/proofs/{released.json()['id']}")
    assert proof.status_code == 200, proof.text
    assert verify_file(proof.text).ok
