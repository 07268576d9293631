"""Every command of `austa`, run as people run it, beside a running AUSTA or on an empty folder."""

import json
import re
from pathlib import Path

import httpx2
import pytest
import typer.main

from austa.cli.main import app
from austa.cli.reference import leaves
from austa.demo.people import OPERATOR as DEMO
from austa.kernel.ids import new_id
from tests.system.installation import Ended, Installation, austa, new_key, post, wait_for

OPERATOR = "654321"


COMMANDS = dict(leaves("austa", typer.main.get_command(app)))


def _failed(ended: Ended, status: int, code: str) -> None:
    assert ended.status == status, ended
    assert f"[{code}]" in ended.complaint, ended.complaint
    assert "Traceback" not in ended.complaint


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_says_what_it_does_with_an_example(words: str) -> None:
    command = COMMANDS[words]
    assert command.help.split("\n")[0].rstrip().endswith(".")
    assert command.epilog.startswith("Example: ")
    assert words in command.epilog


@pytest.fixture(scope="module")
def administrator(running: Installation) -> httpx2.Client:
    made = running.austa(
        *("operator", "create", OPERATOR, "Operadora Segunda", "--state", "AM", "--number", "5550001", "--json")
    ).json()
    assert (made["ans_registry"], made["time_zone"]) == (OPERATOR, "America/Manaus")
    invited = running.austa(
        *("staff", "invite", "dora@segunda.example", "Dora Alves", "--role", "administrator"),
        *("--role", "authorization_analyst", "--operator", OPERATOR, "--json"),
    )
    token = invited.json()["link"].rpartition("/")[2]
    accepted = post(
        f"{running.url}/api/v1/auth/invitations/accept",
        json={"token": token, "password": "uma-senha-bem-comprida"},
        headers=new_key(),
        timeout=20,
    )
    assert accepted.status_code in {200, 201, 204}, accepted.text
    return running.sign_in("dora@segunda.example", "uma-senha-bem-comprida")


class TestAnOperatorOfItsOwn:
    """Life without the demo's people: a second operator in the same installation."""

    def test_its_administrator_signs_in_by_the_invitation(self, administrator: httpx2.Client) -> None:
        me = administrator.get("/api/v1/auth/me")
        assert me.status_code == 200, me.text
        assert set(me.json()["principal"]["roles"]) == {"administrator", "authorization_analyst"}

    def test_the_same_registry_twice_is_refused(self, running: Installation, administrator: httpx2.Client) -> None:
        again = running.austa("operator", "create", OPERATOR, "Operadora Segunda")
        assert again.status == 1
        assert "identity." in again.complaint

    def test_with_several_operators_one_must_be_named(
        self, running: Installation, administrator: httpx2.Client
    ) -> None:
        _failed(running.austa("ledger", "verify"), 1, "cli.which_operator")
        _failed(running.austa("ledger", "verify", "--operator", "000001"), 1, "cli.no_such_operator")

    def test_its_calendar_holds_its_state_and_its_own_list(
        self, running: Installation, administrator: httpx2.Client, tmp_path: Path
    ) -> None:
        assert "/2026" in running.austa("clocks", "state", "RJ", "--operator", OPERATOR).output
        table = tmp_path / "feriados.csv"
        table.write_text("data;nome;lei\n20/01;São Sebastião;Lei municipal 1.271/1988\n", "utf-8")
        tried = running.austa("import", "holidays", str(table), "--operator", OPERATOR, "--json").json()
        assert (tried["dry_run"], tried["added"], tried["calendar_id"]) == (True, 1, "BR-RJ/2026.11+2")
        running.austa("import", "holidays", str(table), "--operator", OPERATOR, "--write")
        shown = running.austa("clocks", "calendar", "--year", "2027", "--operator", OPERATOR, "--json").json()
        days = {one["day"]: one["scope"] for one in shown["days_off"]}
        assert (shown["calendar"], days["2027-01-20"], days["2027-04-23"]) == ("BR-RJ/2026.11+3", "own", "state")

    def test_the_record_of_response_times_counts_every_request_and_names_nobody(
        self, austa: Installation, administrator: httpx2.Client
    ) -> None:
        period = ("--from", "2026-01-01", "--to", "2099-12-31")
        table = austa.austa("clocks", "export", *period, "--operator", DEMO.ans_registration).output.splitlines()
        heading, lines = table[0].split(";"), [line.split(";") for line in table[1:]]
        assert heading[:6] == ["registro_ans", "de", "ate", "classe", "prazo_dias_uteis", "pedidos"]
        record = austa.austa("clocks", "export", *period, "--operator", DEMO.ans_registration, "--json").json()
        assert [int(line[5]) for line in lines] == [one["requests"] for one in record["classes"]]
        assert sum(one["requests"] for one in record["classes"]) >= 20
        assert "Marina" not in "\n".join(table)

    def test_another_operators_case_and_member_are_not_found(
        self, running: Installation, administrator: httpx2.Client
    ) -> None:
        def theirs(what: str) -> str | None:
            found = running.query(f"select id from {what} limit 1")
            return str(found[0]["id"]) if found else None

        case = wait_for(lambda: theirs("medical_audit.audit_case"), 240, "the demo never opened a case", running.output)
        for address in (
            f"cases/{case}",
            f"members/{theirs('members.member')}",
            f"documents/{theirs('documents.document')}",
        ):
            refused = administrator.get(f"/api/v1/{address}")
            assert refused.status_code in {403, 404}, f"{address}: {refused.text}"
            assert refused.headers["content-type"] == "application/problem+json"

    def test_members_and_contracts_are_imported_after_a_dry_run(
        self, running: Installation, administrator: httpx2.Client, tmp_path: Path
    ) -> None:
        contracts, members = tmp_path / "contratos.csv", tmp_path / "beneficiarios.csv"
        contracts.write_text(CONTRACTS)
        members.write_text(MEMBERS)
        words = ("import", "members", "--contracts", str(contracts), "--members", str(members))
        words = (*words, "--operator", OPERATOR, "--json")
        dry = running.austa(*words).json()
        assert dry["dry_run"] is True
        assert dry["problems"] == []
        assert dry["created"] == 2
        assert administrator.get("/api/v1/members", params={"q": "Quitéria"}).json()["items"] == []
        assert running.austa(*words, "--write").json()["created"] == 2
        (found,) = administrator.get("/api/v1/members", params={"q": "Quitéria"}).json()["items"]
        assert administrator.get(f"/api/v1/members/{found['id']}").json()["name"] == "Quitéria Amaro Simões"
        assert running.austa(*words, "--write").json()["unchanged"] == 2

    def test_a_file_with_a_fault_is_told_by_line_and_column_and_writes_nothing(
        self, running: Installation, administrator: httpx2.Client, tmp_path: Path
    ) -> None:
        members = tmp_path / "beneficiarios.csv"
        members.write_text(MEMBERS.replace("1980-02-03", "1980-22-03"))
        refused = running.austa("import", "members", "--members", str(members), "--operator", OPERATOR, "--write")
        assert refused.status == 1
        assert re.search(r"^linha 2, ", refused.output, re.MULTILINE), refused.output
        assert "Nada foi gravado" in refused.output


class TestSettings:
    def test_they_are_listed_with_secrets_masked(self, tmp_path: Path) -> None:
        listed = austa("settings", "--data", str(tmp_path), "--json", AUSTA_SMTP_URL="smtp://me:secret-word@mail")
        found = {row["name"]: row for row in listed.json()}
        assert found["AUSTA_SMTP_URL"]["value"] == "********"
        assert found["AUSTA_PORT"]["value"] in {8000, "8000"}
        assert all(row["meaning"] for row in found.values())
        assert "secret-word" not in listed.output

    @pytest.mark.parametrize("setting", ["AUSTA_PORT=none", "AUSTA_LOG_LEVEL=loud", "AUSTA_PUBLIC_URL=austa.example"])
    def test_a_wrong_one_refuses_to_start_with_78(self, tmp_path: Path, setting: str) -> None:
        name, _, value = setting.partition("=")
        refused = austa("serve", "--data", str(tmp_path), **{name: value})
        _failed(refused, 78, "settings.wrong")
        assert name.removeprefix("AUSTA_").lower() in refused.complaint


class TestDoctor:
    def test_an_empty_folder_is_well(self, tmp_path: Path) -> None:
        found = austa("doctor", "--data", str(tmp_path / "new"), "--json")
        findings = {finding["what"]: finding for finding in found.json()}
        assert findings["PostgreSQL programs"]["well"]
        assert findings["Database"]["well"]
        assert not (tmp_path / "new").exists(), "a doctor makes nothing"

    def test_a_full_disk_is_told_with_the_way_out(self, tmp_path: Path) -> None:
        found = austa("doctor", "--data", str(tmp_path), AUSTA_MIN_FREE_MB="999999999")
        assert found.status == 1
        assert re.search(r"BAD  Disk: .*\n     free some space", found.output), found.output


class TestParkedDeliveries:
    @pytest.fixture
    def number(self, running: Installation) -> int:
        """A delivery whose event is gone, parked as a handler that keeps failing leaves it."""
        operator = running.query("select operator_id from outbox.event limit 1")[0]["operator_id"]
        (made,) = running.query(
            "insert into dispatch.delivery (event_id, operator_id, event_type, handler, key, not_before, state,"
            " attempts, reason) values ($1, $2, 'test.happened.v1', 'test.handler', $3, now(), 'parked', 4,"
            " 'ValueError') returning id",
            new_id(),
            operator,
            str(new_id()),
        )
        return int(made["id"])

    def test_they_are_listed_and_shown(self, running: Installation, number: int) -> None:
        listed = running.austa("outbox", "parked", "list", "--json")
        assert listed.status == 1, "something waits for a person"
        assert number in [one["id"] for one in listed.json()]
        shown = running.austa("outbox", "parked", "show", str(number)).json()
        assert (shown["handler"], shown["reason"], shown["attempts"]) == ("test.handler", "ValueError", 4)
        assert running.austa("outbox", "parked", "drop", str(number), "--yes").status == 0

    def test_one_is_tried_again(self, running: Installation, number: int) -> None:
        assert running.austa("outbox", "parked", "retry", str(number)).status == 0
        assert running.query("select state from dispatch.delivery where id = $1", number) == [{"state": "waiting"}]
        running.query("delete from dispatch.delivery where id = $1", number)

    def test_one_is_dropped_after_a_yes(self, running: Installation, number: int) -> None:
        assert running.austa("outbox", "parked", "drop", str(number), given="n\n").status == 1
        assert running.query("select 1 as kept from dispatch.delivery where id = $1", number) == [{"kept": 1}]
        assert running.austa("outbox", "parked", "drop", str(number), given="y\n").status == 0
        assert running.query("select 1 as kept from dispatch.delivery where id = $1", number) == []
        _failed(running.austa("outbox", "parked", "show", str(number)), 1, "outbox.parked")


class TestKeys:
    def test_they_are_rotated_beside_a_running_austa(self, running: Installation) -> None:
        analyst = running.sign_in("analista@demo.example")
        (member,) = analyst.get("/api/v1/members", params={"q": "Marina"}).json()["items"]
        asked = running.austa("keys", "rotate", given="n\n")
        assert asked.status == 1
        done = running.austa("keys", "rotate", "--yes", "--json").json()
        assert done["keys"] > 20
        assert sorted(path.name for path in (running.data / "keys").glob("kek-*")) == [f"kek-{done['generation']}.key"]
        assert analyst.get(f"/api/v1/members/{member['id']}").json()["name"] == "Marina Albuquerque Teles"
        again = running.austa("keys", "rotate", "--yes", "--json").json()
        assert again["generation"] == done["generation"] + 1


@pytest.fixture(scope="module")
def proof(running: Installation) -> str:
    """A proof as the case page and the API give it."""
    auditor = running.sign_in("auditor@demo.example")

    def proven() -> str | None:
        entries = running.query("select id from ledger.entry order by index limit 1")
        if not entries:
            return None
        answer = auditor.get(f"/api/v1/ledger/proofs/{entries[0]['id']}")
        return answer.text if answer.status_code == 200 else None

    return wait_for(proven, 240, "the demo never had a proven decision", running.output)


class TestLedger:
    def test_a_saved_proof_holds_offline(self, proof: str, tmp_path: Path) -> None:
        file = tmp_path / "proof.json"
        file.write_text(proof)
        held = austa("ledger", "verify-proof", str(file), "--json")
        assert held.status == 0, held
        assert held.json()["ok"] is True

    def test_a_tampered_one_does_not(self, proof: str, tmp_path: Path) -> None:
        file = tmp_path / "proof.json"
        content = json.loads(proof)
        file.write_text(json.dumps(_with_one_byte_changed(content)))
        refused = austa("ledger", "verify-proof", str(file))
        assert refused.status == 1
        assert "DOES NOT HOLD" in refused.output

    def test_a_file_that_is_no_proof_is_told(self, tmp_path: Path) -> None:
        file = tmp_path / "proof.json"
        file.write_text("hello")
        refused = austa("ledger", "verify-proof", str(file))
        assert refused.status == 1
        assert "Traceback" not in refused.complaint

    def test_the_whole_log_is_verified(self, running: Installation, proof: str) -> None:
        verified = running.austa("ledger", "verify", "--operator", DEMO.ans_registration, "--json").json()
        assert verified["ok"] is True
        assert verified["size"] >= 1


@pytest.fixture(scope="module")
def receipt(running: Installation, proof: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A decision's receipt as `austa receipt export` writes it."""
    decided = running.query("select id from prior_auth.decision order by at limit 1")
    file = tmp_path_factory.mktemp("receipt") / "receipt.json"
    done = running.austa("receipt", "export", str(decided[0]["id"]), str(file), "--operator", DEMO.ans_registration)
    assert done.status == 0, done
    assert file.stat().st_mode & 0o777 == 0o600
    return file


class TestReceipts:
    def test_an_exported_one_verifies_and_replays_without_the_installation(
        self, running: Installation, receipt: Path, tmp_path: Path
    ) -> None:
        key = running.austa("receipt", "key", "--operator", DEMO.ans_registration).output.strip()
        verified = austa("receipt", "verify", str(receipt), "--key", key, "--json").json()
        assert (verified["ok"], verified["key_trusted"], verified["withheld"]) == (True, True, [])
        replayed = austa("receipt", "replay", str(receipt), "--data", str(tmp_path), "--json").json()
        assert replayed == {"identical": True, "differences": [], "notes": []}

    def test_the_export_is_in_the_record_of_looks(self, running: Installation, receipt: Path) -> None:
        looks = running.query("select actor from privacy.access where what = 'authorization'")
        assert {look["actor"] for look in looks} >= {"system:cli"}

    def test_a_changed_one_is_refused(self, receipt: Path, tmp_path: Path) -> None:
        changed = tmp_path / "changed.json"
        changed.write_text(receipt.read_text().replace('"outcome":"approve"', '"outcome":"approvE"'))
        for command in ("verify", "replay"):
            refused = austa("receipt", command, str(changed))
            assert refused.status == 1
            assert "NOT WHOLE" in refused.output

    def test_one_without_the_members_values_cannot_be_replayed(self, receipt: Path, tmp_path: Path) -> None:
        content = json.loads(receipt.read_text())
        del content["disclosures"]["member"]
        erased = tmp_path / "erased.json"
        erased.write_text(
            json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n", encoding="utf-8"
        )
        assert austa("receipt", "verify", str(erased)).status == 0
        _failed(austa("receipt", "replay", str(erased)), 69, "prior_auth.facts_withheld")

    def test_a_file_that_is_no_receipt_is_told(self, tmp_path: Path) -> None:
        file = tmp_path / "receipt.json"
        file.write_text("hello")
        for command in ("verify", "replay"):
            _failed(austa("receipt", command, str(file)), 1, "cli.not_a_receipt")

    def test_it_writes_over_nothing(self, running: Installation, receipt: Path) -> None:
        again = running.austa("receipt", "export", str(new_id()), str(receipt), "--operator", DEMO.ans_registration)
        _failed(again, 1, "cli.file_exists")


def _with_one_byte_changed(content: object) -> object:
    """The first long hash in it, with its last character changed."""
    text = json.dumps(content)
    found = re.search(r'"[0-9a-zA-Z+/_=-]{43,}"', text)
    assert found is not None
    place = found.end() - 6
    return json.loads(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :])


def test_the_openapi_document_is_printed_without_an_installation(tmp_path: Path) -> None:
    printed = austa("openapi")
    document = printed.json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/decisions" in document["paths"]


def test_migrations_may_be_run_beside_a_running_server(running: Installation) -> None:
    assert running.austa("migrate", "--json").json() == {"migrated": True}


def test_an_unknown_worker_role_names_the_known_ones(running: Installation) -> None:
    refused = running.austa("work", "nothing", AUSTA_APP_DATABASE_URL="postgresql://nobody@/nothing?host=/nowhere")
    _failed(refused, 78, "worker.role")
    assert "chat" in refused.complaint


CONTRACTS = """number;plan_name;segmentation;coverage_area;status;started_on
S-1;Plano Segundo;referência;nacional;ativo;2020-01-01
"""
MEMBERS = """contract_number;card_number;name;birth_date;sex;relation;joined_on
S-1;77001;Quitéria Amaro Simões;1980-02-03;F;titular;2020-01-01
"""
