"""CSV files of an operator: any usual encoding, all problems at once, everything or nothing."""

import json

import pytest

from austa.infra.csv_tables import LARGEST_REPORT, decode_csv
from austa.kernel.errors import Forbidden, Invalid
from austa.kernel.personal import Personal
from tests.conftest import staff
from tests.modules.members.conftest import Register, code_of
from tests.modules.members.people import CPF

CONTRACTS = """number;plan_name;segmentation;coverage_area;coverage_states;status;started_on;waiting_other
C-1;Completo;Ambulatorial + hospitalar com obstetrícia;estadual;SP|RJ;Ativo;10/01/2024;2024-07-08
"""
PEOPLE = f"""contract_number;card_number;name;birth_date;sex;cpf;relation;holder_card;joined_on;phones;emails
C-1;0037 0001;João Conceição;04/03/1992;M;{CPF};titular;;10/01/2024;(11) 90000-0001|(11) 3333-4444;joao@membros.example

C-1;00370002;Léa Conceição;2020-05-06;F;;dependente;00370001;2024-01-10;;
"""


class TestImport:
    async def test_a_dry_run_tells_and_writes_nothing(self, register: Register) -> None:
        report = await register.members.import_csv(register.administrator, CONTRACTS, PEOPLE, dry_run=True)
        assert (report.dry_run, report.lines, report.created, report.problems) == (True, 3, 3, ())
        assert await register.members.find_by_document(register.system, CPF) is None

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
    async def test_writes_what_the_files_say(self, register: Register, encoding: str) -> None:
        contracts, people = (decode_csv(text.encode(encoding)) for text in (CONTRACTS, PEOPLE))
        report = await register.members.import_csv(register.administrator, contracts, people, dry_run=False)
        assert (report.created, report.problems) == (3, ())
        joao = await register.members.get(register.system, await register.find(CPF))
        lea = await register.members.get(register.system, await register.find("00370002"))
        assert joao.name == Personal("João Conceição")
        assert joao.phones == (Personal("+5511900000001"), Personal("+551133334444"))
        assert (lea.holder_id, lea.relation, lea.cpf) == (joao.id, "dependent", None)

    async def test_commas_and_windows_lines_too(self, register: Register) -> None:
        contracts, people = (text.replace(";", ",").replace("\n", "\r\n") for text in (CONTRACTS, PEOPLE))
        report = await register.members.import_csv(register.administrator, contracts, people, dry_run=False)
        assert (report.created, report.problems) == (3, ())

    @pytest.mark.parametrize(
        "broken",
        [
            PEOPLE + "C-1;;;;;;;;;;\n",
            PEOPLE.replace("1992", "1792"),
            PEOPLE + '"',
            PEOPLE + "\0",
            PEOPLE + PEOPLE.partition("\n")[2],
            PEOPLE.replace("titular", "titular;;;;;"),
        ],
        ids=["an empty line", "an impossible date", "a quote", "a zero byte", "twice", "shifted columns"],
    )
    async def test_with_one_wrong_line_nothing_is_kept(self, register: Register, broken: str) -> None:
        report = await register.members.import_csv(register.administrator, CONTRACTS, broken, dry_run=False)
        assert all(each.line > 1 for each in report.problems)
        assert report.problems
        for card in ("00370001", "00370002"):
            assert await register.members.find_by_document(register.system, card) is None

    async def test_the_same_files_again_change_nothing(self, register: Register) -> None:
        await register.members.import_csv(register.administrator, CONTRACTS, PEOPLE, dry_run=False)
        again = await register.members.import_csv(register.administrator, CONTRACTS, PEOPLE, dry_run=False)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 3)

    async def test_every_problem_has_its_line_column_and_sentence(self, register: Register) -> None:
        people = """contract_number;card_number;name;birth_date;sex;cpf;relation;joined_on;phones;emails
C-9;00370001;João;31/02/1992;M;11111111111;titular;10/01/2024;;
C-1;00370002;"Ana
Maria";04/03/1992;X;;titular;10/01/2024;123;nem é e-mail
C-1;00370003;;04/03/2192;F;;dependente;10/01/2024;;
C-8;00370004;Eva;04/03/1992;F;11111111111;titular;10/01/2024;;
"""
        report = await register.members.import_csv(register.administrator, CONTRACTS, people, dry_run=False)
        assert {(each.line, each.column, each.code) for each in report.problems} == {
            (2, "members.birth_date", "date_wrong"),
            (3, "members.name", "unreadable"),
            (3, "members.sex", "choice_wrong"),
            (5, "members.name", "missing"),
            (6, "members.cpf", "cpf_wrong"),
        }
        assert await register.members.find_by_document(register.system, "00370002") is None
        assert all(each.problem.endswith(".") for each in report.problems)

    async def test_what_reads_well_is_checked_further(self, register: Register) -> None:
        people = """contract_number;card_number;name;birth_date;sex;cpf;relation;joined_on;phones;emails
C-9;00370001;João;01/02/1992;M;11111111111;titular;10/01/2024;;
C-1;00370002;Ana;04/03/1992;F;;titular;10/01/2024;123;nem é e-mail
C-1;00370002;Eva;04/03/2192;F;;dependente;10/01/2024;;
"""
        report = await register.members.import_csv(register.administrator, CONTRACTS, people, dry_run=True)
        assert {(each.line, each.column, each.code) for each in report.problems} == {
            (2, "members.contract_number", "contract_unknown"),
            (2, "members.cpf", "cpf_wrong"),
            (3, "members.phones", "phone_wrong"),
            (3, "members.emails", "email_wrong"),
            (4, "members.card_number", "repeated"),
            (4, "members.birth_date", "birth_date_wrong"),
            (4, "members.holder_card", "holder_missing"),
            (4, "members.joined_on", "joined_before_birth"),
        }

    async def test_a_report_repeats_no_value(self, register: Register) -> None:
        people = PEOPLE.replace(CPF, "52998224726").replace("joao@membros.example", "joao.membros.example")
        headless = people.partition("\n")[2]
        for text in (people, headless, people + 'C-1;"segredo'):
            report = await register.members.import_csv(register.administrator, CONTRACTS, text, dry_run=True)
            written = json.dumps(report.model_dump(mode="json"), ensure_ascii=False)
            assert report.problems
            assert not any(value in written for value in ("52998224726", "joao", "João", "0037", "segredo"))

    @pytest.mark.parametrize(
        ("people", "codes"),
        [
            ("", {"empty"}),
            ("\n \n", {"empty"}),
            (PEOPLE.replace("birth_date", "nascimento", 1), {"column_missing", "column_unknown"}),
            (PEOPLE.replace(";sex;", ";name;", 1), {"column_missing", "column_repeated"}),
            (PEOPLE + "C-1;1;2;3;4;5;6;7;8;9;10;11;12\n", {"too_many_cells"}),
            (PEOPLE + 'C-1;"00370', {"not_csv"}),
            (PEOPLE.replace("Léa", "L\x00a"), {"unreadable"}),
        ],
    )
    async def test_what_is_no_table_is_told(self, register: Register, people: str, codes: set[str]) -> None:
        report = await register.members.import_csv(register.administrator, None, people, dry_run=True)
        assert codes <= {each.code for each in report.problems}
        assert report.created + report.updated <= 2

    async def test_a_report_stays_readable(self, register: Register) -> None:
        header = PEOPLE.partition("\n")[0]
        people = header + "\nC-1;1;2" * (LARGEST_REPORT + 1)
        report = await register.members.import_csv(register.administrator, None, people, dry_run=True)
        assert len(report.problems) == LARGEST_REPORT + 1
        assert report.problems[-1].code == "more_problems"

    async def test_restrictions_come_in_their_own_columns(self, register: Register) -> None:
        header, *lines = PEOPLE.splitlines()
        extra = ";restriction_declared;restriction_cids;restriction_ends_on"
        people = "\n".join([header + extra, lines[0] + ";Cardiopatia;I25.1|i20;10/01/2026"])
        report = await register.members.import_csv(register.administrator, CONTRACTS, people, dry_run=False)
        assert report.problems == ()
        without = "\n".join([header, lines[0].replace("João", "João Luís")])
        await register.members.import_csv(register.administrator, None, without, dry_run=False)
        member_id = await register.find(CPF)
        facts = await register.members.eligibility_facts(register.system, member_id, register.today)
        (restriction,) = facts.restrictions
        assert (restriction.declared, restriction.cids) == (Personal("Cardiopatia"), ("I251", "I20"))

    async def test_nothing_to_import(self, register: Register) -> None:
        with pytest.raises(Invalid) as error:
            await register.members.import_csv(register.administrator, None, None, dry_run=True)
        assert code_of(error) == "members.nothing_to_import"

    async def test_only_for_who_may_import(self, register: Register) -> None:
        auditor = staff(register.operator_id, "medical_auditor")
        with pytest.raises(Forbidden):
            await register.members.import_csv(auditor, CONTRACTS, PEOPLE, dry_run=True)
