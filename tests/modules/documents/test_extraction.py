"""What is taken from a page, and how far it is trusted."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from austa.modules.documents.api import Field
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.extraction import Extraction, extract
from austa.modules.documents.domain.reading import PageReading
from tests.modules.documents.readings import order, page, seen_otherwise
from tests.modules.documents.terms import CONDITIONS, PROCEDURES, FewTerms

TODAY = date(2026, 11, 21)


def read(*pages: PageReading) -> Extraction:
    return extract(pages, FewTerms(), TODAY)


def fields(extraction: Extraction) -> dict[str, tuple[str | None, str]]:
    """Name -> (normal form, status); the first of a name."""
    return {
        field.name: (field.normal.reveal() if field.normal else None, field.status)
        for field in reversed(extraction.fields)
    }


def every_field(extraction: Extraction) -> list[Field]:
    parts = [[each.description, each.tuss, each.laterality, each.quantity] for each in extraction.procedures]
    return [*extraction.fields, *(field for part in parts for field in part if field)]


class TestAWellReadOrder:
    def test_gives_all_its_facts(self) -> None:
        assert fields(read(order())) == {
            "member_name": ("Severino Lopes Damasceno", "accepted"),
            "card_number": ("00371234567890123", "accepted"),
            "cpf": ("11144477735", "accepted"),
            "birth_date": ("1980-03-02", "accepted"),
            "cid": ("M23.2", "accepted"),
            "indication": ("dor e bloqueio após trauma", "accepted"),
            "issue_date": ("2026-11-18", "accepted"),
            "requester_name": ("Arnaldo Menezes Pinto", "accepted"),
            "council": ("CRM", "accepted"),
            "council_uf": ("SP", "accepted"),
            "council_number": ("123456", "accepted"),
            "provider_name": ("Clínica Ortopédica São Lucas", "accepted"),
        }

    def test_gives_the_procedure_with_its_side(self) -> None:
        (procedure,) = read(order()).procedures
        assert procedure.tuss
        assert procedure.tuss.normal
        assert procedure.laterality
        assert procedure.laterality.normal
        assert procedure.tuss.normal.reveal() == "41101316"
        assert procedure.tuss.status == "accepted"
        assert procedure.laterality.normal.reveal() == "direito"

    def test_is_a_complete_medical_order(self) -> None:
        found = read(order())
        assert (found.document_class, found.outcome, found.handwritten) == ("medical_order", "complete", False)

    def test_says_where_each_fact_stands(self) -> None:
        for field in every_field(read(order())):
            assert field.box
            assert 0 <= field.box.x0 < field.box.x1 <= 1.2
            assert 0 <= field.box.y0 < field.box.y1 <= 1


class TestAValueThatFailsItsCheck:
    @pytest.mark.parametrize(
        ("row", "name"),
        [
            ({"CPF": "CPF: 111.444.777-36"}, "cpf"),
            ({"CID": "CID-10: M99.9"}, "cid"),
            ({"CID": "CID-10: 150.0"}, "cid"),
            ({"CID": "CID-10: M23"}, "cid"),
            ({"CID": "CID-10: l50.0"}, "cid"),
            ({"CID": "CID-10: IS0.0"}, "cid"),
            ({"São Paulo": "São Paulo, 25 de novembro de 2026"}, "issue_date"),
            ({"São Paulo": "São Paulo, 18 de novembro de 2024"}, "issue_date"),
            ({"CRM": "CRM-SP 12"}, "council_number"),
            ({"CRM": "CRM-SP 123"}, "council_number"),
            ({"Carteirinha": "Carteirinha: 0037 123"}, "card_number"),
            ({"Carteirinha": "Carteirinha: 0037 1234 56O8 9012 3"}, "card_number"),
            ({"Paciente": "Paciente: Jo"}, "member_name"),
        ],
    )
    def test_is_never_accepted(self, row: dict[str, str], name: str) -> None:
        found = read(order(**row))
        assert fields(found).get(name, (None, "unreadable"))[1] != "accepted"
        assert found.outcome != "complete"

    def test_a_date_beside_the_word_card_is_no_card_number(self) -> None:
        assert "card_number" not in fields(read(order(Carteirinha="Carteirinha: 13/07/1980")))

    def test_keeps_what_was_read_for_a_person(self) -> None:
        assert fields(read(order(CID="CID-10: 150.0")))["cid"] == ("I50.0", "confirm")

    def test_a_code_that_does_not_fit_its_words_is_confirmed(self) -> None:
        (procedure, *_) = read(order(**{"41101316": "40901122 RM articular - joelho direito"})).procedures
        assert procedure.tuss
        assert procedure.tuss.status == "confirm"
        assert "description_matches_code" in procedure.tuss.failed

    def test_a_code_with_a_wrong_check_digit_is_confirmed(self) -> None:
        found = read(order(**{"41101316": "TUSS: 41101317 RM articular - joelho direito"}))
        assert found.procedures[0].tuss
        assert found.procedures[0].tuss.status == "confirm"

    def test_one_sure_line_less_and_it_is_confirmed(self) -> None:
        reading = order()
        doubtful = tuple(
            replace(line, confidence=0.7) if line.text.startswith("CRM") else line for line in reading.lines
        )
        assert fields(read(replace(reading, lines=doubtful)))["council_number"] == ("123456", "confirm")


class TestWhatIsCutOffOrCovered:
    def test_at_the_edge_of_the_picture_is_confirmed(self) -> None:
        reading = order()
        cut = tuple(
            replace(line, box=line.box.model_copy(update={"x1": 1.0})) if line.text.startswith("Paciente") else line
            for line in reading.lines
        )
        assert fields(read(replace(reading, lines=cut)))["member_name"][1] == "confirm"

    def test_under_a_finger_is_confirmed(self) -> None:
        reading = order()
        covered = tuple(replace(line, clear=not line.text.startswith("Carteir")) for line in reading.lines)
        assert fields(read(replace(reading, lines=covered)))["card_number"] == ("00371234567890123", "confirm")

    def test_a_quantity_that_its_column_promises_is_unreadable_when_it_is_not_there(self) -> None:
        head = ((0.1, "Código"), (0.3, "Descrição"), (0.8, "Qtde"))
        found = read(page("Requisição de exames", head, ((0.1, "40304361"), (0.3, "Hemograma completo"))))
        assert found.procedures[0].quantity
        assert found.procedures[0].quantity.status == "unreadable"


class TestTwoReadings:
    @pytest.mark.parametrize(
        ("here", "there", "name"),
        [
            ("9012", "9072", "card_number"),
            ("Severino", "Severina", "member_name"),
            ("M23", "M28", "cid"),
            ("123456", "128456", "council_number"),
            ("SP 1", "SC 1", "council_uf"),
            ("18 de", "13 de", "issue_date"),
        ],
    )
    def test_that_differ_are_confirmed(self, here: str, there: str, name: str) -> None:
        found = read(seen_otherwise(order(), here, there))
        assert fields(found)[name][1] == "confirm"
        assert found.outcome == "confirm"

    def test_may_differ_in_a_zero_where_only_digits_stand(self) -> None:
        reading = seen_otherwise(order(CID="CID-10: Z00.0"), "Z00.0", "ZOO.0")
        assert fields(read(reading))["cid"] == ("Z00.0", "accepted")


class TestLayouts:
    def test_labels_above_their_values(self) -> None:
        found = read(
            page(
                "Solicitação de exames",
                ((0.1, "Nome do paciente"), (0.6, "Nº da carteira")),
                ((0.1, "Marina Albuquerque Teles"), (0.6, "00370000000000142")),
            )
        )
        assert fields(found)["member_name"] == ("Marina Albuquerque Teles", "accepted")
        assert fields(found)["card_number"] == ("00370000000000142", "accepted")

    def test_values_in_the_next_column(self) -> None:
        found = read(page("Solicito", ((0.1, "Paciente:"), (0.3, "Marina Albuquerque Teles"), (0.8, "Idade: 34"))))
        assert fields(found)["member_name"] == ("Marina Albuquerque Teles", "accepted")

    def test_a_table_of_codes_words_and_quantities(self) -> None:
        found = read(
            page(
                "Requisição de exames",
                ((0.1, "Código"), (0.3, "Descrição"), (0.8, "Qtde")),
                ((0.1, "40304361"), (0.3, "Hemograma completo"), (0.82, "1")),
                ((0.1, "40316521"), (0.3, "TSH"), (0.82, "2")),
            )
        )
        read_lines = [
            (each.tuss and each.tuss.normal, each.quantity and each.quantity.normal, each.description.status)
            for each in found.procedures
        ]
        assert [(a and a.reveal(), b and b.reveal(), c) for a, b, c in read_lines] == [
            ("40304361", "1", "accepted"),
            ("40316521", "2", "accepted"),
        ]

    def test_words_only_name_a_procedure_for_confirmation(self) -> None:
        found = read(page("Solicito: hemograma completo, glicemia de jejum e TSH", "CRM-SP 123456"))
        codes = [each.tuss.normal.reveal() for each in found.procedures if each.tuss and each.tuss.normal]
        assert codes == ["40304361", "40302040", "40316521"]
        assert {each.tuss.status for each in found.procedures if each.tuss} == {"confirm"}

    def test_a_code_below_its_words(self) -> None:
        found = read(page("Solicito: Ressonância magnética de joelho esquerdo", "Código TUSS: 41101316", "CRM 1234"))
        (procedure,) = found.procedures
        assert procedure.description.status == "accepted"
        assert procedure.laterality
        assert procedure.laterality.normal
        assert procedure.laterality.normal.reveal() == "esquerdo"

    def test_words_that_run_on_below_their_bullet(self) -> None:
        wrapped = ("1.  Colecistectomia sem colangiografia por", (0.144, "videolaparoscopia"))
        found = read(page("Solicito:", wrapped[0], (wrapped[1],), ((0.144, "TUSS 31005497"),), "CRM 1234"))
        (procedure,) = found.procedures
        assert procedure.description.normal
        assert procedure.description.normal.reveal() == "Colecistectomia sem colangiografia por videolaparoscopia"
        assert procedure.description.status == "accepted"

    def test_one_word_of_a_procedure_is_no_name(self) -> None:
        found = read(page("Solicito:", "videolaparoscopia", "TUSS 31005497", "CRM 1234"))
        (procedure,) = found.procedures
        assert procedure.description.status != "accepted"

    @pytest.mark.parametrize(
        ("stamp", "uf", "number"),
        [
            ("CRM-SP 123456", "SP", "123456"),
            ("CRM/RJ 52.12345-6", "RJ", None),  # Rio writes prefix and check digit: asked about
            ("CRM/RJ 52.123", "RJ", "52123"),
            ("CRM: 12345 - MG", "MG", "12345"),
            ("CREMESP 98765", "SP", "98765"),
            ("C.R.M. SP nº 12345", "SP", "12345"),
            ("CRM 12345/PR", "PR", "12345"),
        ],
    )
    def test_stamps(self, stamp: str, uf: str | None, number: str | None) -> None:
        found = fields(read(order(CRM=stamp)))
        assert found["council_uf"][0] == uf
        if number:
            assert found["council_number"] == (number, "accepted")

    def test_the_letterheads_director_is_not_the_requester(self) -> None:
        reading = page(
            "Diretor técnico: Dr. Paulo Reis Lima CRM-SP 99999", "Solicito TSH", "Dra. Ana Souza", "CRM-SP 12345"
        )
        assert fields(read(reading))["council_number"] == ("12345", "accepted")

    def test_two_registrations_are_in_doubt(self) -> None:
        reading = page("Dr. Paulo Reis Lima CRM-SP 99999", "Solicito TSH", "Dra. Ana Souza CRM-SP 12345")
        assert fields(read(reading))["council_number"][1] == "confirm"

    def test_a_telephone_is_no_procedure(self) -> None:
        found = read(page("Solicito avaliação", "Tel: 33445566", "CEP 01310-100")).procedures
        assert [each.tuss for each in found] == [None]

    def test_both_sides_named_is_in_doubt(self) -> None:
        found = read(order(**{"41101316": "41101316 RM articular joelho direito e esquerdo"}))
        assert found.procedures[0].laterality
        assert found.procedures[0].laterality.status == "confirm"


class TestWhatCannotBeRead:
    def test_a_missing_requester_is_unreadable(self) -> None:
        found = read(order(CRM="carimbo", Dr="assinatura"))
        assert fields(found)["council_number"] == (None, "unreadable")
        assert found.outcome == "confirm"

    def test_handwriting_goes_to_a_person_and_nothing_is_accepted(self) -> None:
        reading = order()
        scrawl = tuple(replace(line, confidence=0.55) for line in reading.lines)
        found = read(replace(reading, lines=scrawl))
        assert (found.handwritten, found.outcome) == (True, "person")
        assert not any(field.status == "accepted" for field in every_field(found))

    def test_an_empty_page_goes_to_a_person(self) -> None:
        found = read(page("…"))
        assert (found.document_class, found.outcome) == ("other", "person")


class TestDamagedLabels:
    def test_a_letter_misread_in_a_label_does_not_hide_its_value(self) -> None:
        found = read(page("Solicito TSH", "PACENTE", "Marina Albuquerque Teles", "", "CARTEIRNHA", "00370000000000142"))
        assert fields(found)["member_name"][0] == "Marina Albuquerque Teles"
        assert fields(found)["card_number"][0] == "00370000000000142"


class TestClasses:
    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            (("RECEITUÁRIO", "Uso oral", "Losartana 50 mg", "Tomar 1 comprimido ao dia"), "prescription"),
            (
                ("Laboratório Vida", "Glicose 98 mg/dL", "Valores de referência: 70 a 99", "Método: enzimático"),
                "lab_report",
            ),
            (("ATESTADO MÉDICO", "Atesto para os devidos fins afastamento por 3 dias"), "certificate"),
            (("RELATÓRIO MÉDICO", "Paciente em acompanhamento, tratamento conservador"), "medical_report"),
            (("GUIA DE SERVIÇO PROFISSIONAL / SP/SADT", "Registro ANS 999999"), "tiss_guide"),
            (("ORÇAMENTO", "Parafuso pedicular", "Registro ANVISA 80000000000", "Valor unitário"), "opme_quote"),
            (("RECIBO", "Recebi de Ana a importância de R$ 480,00"), "receipt"),
            (("Bom dia", "segue a foto do meu cachorro no parque"), "other"),
        ],
    )
    def test_by_words(self, rows: tuple[str, ...], expected: str) -> None:
        assert read(page(*rows)).document_class == expected


# Rules that hold for every text ------------------------------------------------------------------------------

DIGITS = st.text("0123456789", min_size=11, max_size=11)
ROWS = st.lists(
    st.one_of(
        st.sampled_from(
            ["CPF: ", "CID: ", "CRM-SP ", "Data: ", "TUSS ", "Paciente: ", "Solicito: ", "Carteira: "]
        ).flatmap(lambda label: st.text("0123456789./- IOlSABMZ", max_size=24).map(lambda text: label + text)),
        st.text(max_size=30),
    ),
    max_size=12,
)


class TestAlways:
    @given(DIGITS)
    def test_a_cpf_is_accepted_only_with_its_check_digits(self, number: str) -> None:
        found = fields(read(order(CPF=f"CPF: {number}")))
        assert (found["cpf"][1] == "accepted") == checks.is_cpf(number)

    @given(st.text("0123456789IOSBZlMNJ.", min_size=3, max_size=6))
    def test_a_cid_is_accepted_only_as_printed_and_in_the_table(self, printed: str) -> None:
        found = read(order(CID=f"CID: {printed}"))
        for field in found.fields:
            if field.name == "cid" and field.status == "accepted":
                assert field.value
                assert field.value.reveal().replace(".", "").strip() in CONDITIONS

    @given(ROWS)
    def test_nothing_with_a_failed_check_is_accepted(self, rows: list[str]) -> None:
        for field in every_field(read(page(*rows))):
            assert (field.status == "accepted") <= (not field.failed)
            if field.name == "tuss" and field.status == "accepted":
                assert field.normal
                assert field.normal.reveal() in PROCEDURES

    @given(st.floats(0, checks.MIN_CONFIDENCE, exclude_max=True))
    def test_nothing_below_the_least_confidence_is_accepted(self, confidence: float) -> None:
        reading = order()
        lines = tuple(replace(line, confidence=confidence) for line in reading.lines)
        found = read(replace(reading, lines=lines))
        assert not any(field.status == "accepted" for field in every_field(found))
