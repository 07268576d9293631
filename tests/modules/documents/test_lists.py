"""Rows of lists: medicines, results and materials; and what a paper says of who pays, for how long and how much."""

from datetime import date

import pytest

from austa.modules.documents.api import Item
from austa.modules.documents.domain.extraction import Extraction, extract
from austa.modules.documents.domain.reading import PageReading
from tests.modules.documents.readings import Row, page, seen_otherwise
from tests.modules.documents.terms import FewTerms

LAB: tuple[Row, ...] = (
    "Laboratório São Bento",
    "RESULTADOS DE EXAMES",
    "Paciente: Severino Lopes Damasceno",
    ((0.1, "Exame"), (0.4, "Resultado"), (0.55, "Unidade"), (0.7, "Valores de referência")),
    ((0.1, "Creatinina"), (0.4, "0,98"), (0.55, "mg/dL"), (0.7, "0,60 a 1,10")),
    ((0.1, "Glicose"), (0.4, "92"), (0.5, "L"), (0.55, "mg/dL"), (0.7, "70 a 99")),
)
WIDE: tuple[Row, ...] = (
    *LAB[:3],
    ((0.1, "Exame"), (0.3, "Resultado"), (0.4, "Unidade"), (0.5, "Valores de referência")),
)
QUOTE: tuple[Row, ...] = (
    "ORÇAMENTO DE OPME",
    "Fornecedor: Implantes do Vale Ltda",
    "CNPJ: 11.222.333/0001-81",
    ((0.1, "Descrição"), (0.5, "Registro ANVISA"), (0.68, "Qtde"), (0.75, "Valor unit."), (0.88, "Total")),
    ((0.1, "Parafuso de interferência"), (0.5, "10250310001"), (0.68, "2"), (0.75, "1.480,00"), (0.88, "2.960,00")),
    ((0.72, "VALOR TOTAL: R$ 2.960,00"),),
    "Validade da proposta: 30/12/2026",
)


def read(*pages: PageReading) -> Extraction:
    return extract(pages, FewTerms(), date(2026, 11, 20))


def accepted(found: Extraction) -> dict[str, str]:
    return {each.name: each.normal.reveal() for each in found.fields if each.status == "accepted" and each.normal}


def parts(item: Item) -> dict[str, str]:
    return {each.name: each.normal.reveal() for each in item.parts if each.status == "accepted" and each.normal}


class TestResults:
    def test_a_row_gives_what_its_columns_say(self) -> None:
        first, second = read(page(*LAB)).items
        assert parts(first) == {"analyte": "Creatinina", "result": "0,98", "unit": "mg/dL", "reference": "0,60 a 1,10"}
        assert parts(second)["unit"] == "mg/dL"  # the flag beside it belongs to no column

    def test_a_digit_that_only_one_reader_saw_is_not_accepted(self) -> None:
        first, _ = read(seen_otherwise(page(*LAB), "0,98", "9,98")).items
        assert "result" not in parts(first)
        assert "reference" in parts(first)

    @pytest.mark.parametrize("misread", ["098", "98", "980,00"])
    def test_a_lost_comma_is_not_accepted_though_both_lost_it(self, misread: str) -> None:
        rows = [*LAB[:4], ((0.1, "Creatinina"), (0.4, misread), (0.55, "mg/dL"), (0.7, "0,60 a 1,10"))]
        (first,) = read(page(*rows)).items
        assert "result" not in parts(first)

    def test_a_line_without_a_table(self) -> None:
        rows = ("RESULTADOS DE EXAMES", "Material: soro  Método: cinético", "Creatinina: 0,98 mg/dL  (0,60 a 1,10)")
        (only,) = read(page(*rows)).items
        assert (parts(only)["analyte"], parts(only)["result"], parts(only)["unit"]) == ("Creatinina", "0,98", "mg/dL")

    @pytest.mark.parametrize("told", ["Intervalo de referência: 0,60 a 1,10", "Faixa de referência 0,60 a 1,10"])
    def test_a_label_is_no_part_of_the_reference(self, told: str) -> None:
        (first,) = read(page(*WIDE, ((0.1, "Creatinina"), (0.3, "0,98"), (0.4, "mg/dL"), (0.5, told)))).items
        assert parts(first)["reference"] == "0,60 a 1,10"

    def test_a_label_nobody_knows_is_not_accepted_with_it(self) -> None:
        told = "Faixa do adulto: 0,60 a 1,10"
        (first,) = read(page(*WIDE, ((0.1, "Creatinina"), (0.3, "0,98"), (0.4, "mg/dL"), (0.5, told)))).items
        assert "reference" not in parts(first)


class TestMaterials:
    def test_quantity_times_price_is_the_total(self) -> None:
        found = read(page(*QUOTE))
        (only,) = found.items
        assert parts(only) == {
            "material": "Parafuso de interferência",
            "anvisa_registry": "10250310001",
            "quantity": "2",
            "unit_price": "1480.00",
            "total": "2960.00",
        }
        assert accepted(found)["total_amount"] == "2960.00"
        assert accepted(found)["provider_cnpj"] == "11222333000181"
        assert accepted(found)["valid_until"] == "2026-12-30"

    def test_a_row_that_does_not_add_up_is_not_accepted(self) -> None:
        row = ((0.1, "Parafuso"), (0.5, "10250310001"), (0.68, "3"), (0.75, "1.480,00"), (0.88, "2.960,00"))
        (only,) = read(page(*QUOTE[:4], row)).items
        assert parts(only).keys() == {"material", "anvisa_registry"}


class TestMedicines:
    def test_name_dose_and_how_it_is_taken(self) -> None:
        rows = (
            "RECEITUÁRIO MÉDICO",
            "Paciente: Severino Lopes Damasceno",
            "1. Losartana potássica 50 mg ------ 30 comprimidos",
            "Tomar 1 comprimido pela manhã",
            "2) Amoxicilina + clavulanato 875 mg + 125 mg - Tomar 1 comprimido de 12/12 horas",
        )
        first, second = read(page(*rows)).items
        assert parts(first) == {
            "medicine": "Losartana potássica",
            "dose": "50 mg",
            "posology": "Tomar 1 comprimido pela manhã",
        }
        assert parts(second)["dose"] == "875 mg + 125 mg"

    def test_how_many_are_sold_is_not_how_it_is_taken(self) -> None:
        (only,) = read(page("RECEITUÁRIO MÉDICO", "USO ORAL", "Losartana 50 mg ---- 30 comprimidos")).items
        assert "posology" not in parts(only)


class TestSentences:
    def test_a_certificate(self) -> None:
        found = accepted(
            read(
                page(
                    "ATESTADO MÉDICO",
                    "Atesto para os devidos fins que Severino Lopes Damasceno, CPF 111.444.777-35,",
                    "necessita de 8 (oito) dias de afastamento a partir de 18/11/2026.",
                )
            )
        )
        assert (found["member_name"], found["days_off"]) == ("Severino Lopes Damasceno", "8")
        assert found["start_date"] == "2026-11-18"

    def test_a_number_that_its_word_contradicts_is_not_accepted(self) -> None:
        found = read(page("ATESTADO MÉDICO", "Atesto que o paciente necessita de 8 (três) dias de repouso."))
        assert "days_off" not in accepted(found)

    def test_a_receipt_names_one_amount(self) -> None:
        rows = ("RECIBO", "R$ 804,90", "Recebi de Severino Lopes Damasceno, a importância de R$ 804,90")
        assert accepted(read(page(*rows)))["total_amount"] == "804.90"
        assert "total_amount" not in accepted(read(page(rows[0], "R$ 804,00", rows[2])))


class TestOrders:
    def test_a_diagnosis_is_no_accepted_indication(self) -> None:
        found = read(page("Solicito: TSH", "Hipótese diagnóstica: Hipotireoidismo", "CRM-SP 12345"))
        assert [(each.status, each.failed) for each in found.fields if each.name == "indication"] == [
            ("confirm", ("is_a_reason",))
        ]

    def test_the_next_columns_words_stay_in_their_column(self) -> None:
        rows: tuple[Row, ...] = (
            "SOLICITAÇÃO DE EXAMES",
            ((0.1, "Código"), (0.25, "Procedimento"), (0.62, "Caráter"), (0.8, "Qtd")),
            ((0.1, "41101316"), (0.25, "RM articular - joelho direito"), (0.62, "Eletivo"), (0.8, "1")),
        )
        (procedure,) = read(page(*rows)).procedures
        assert procedure.description.normal
        assert procedure.description.normal.reveal() == "RM articular - joelho direito"
        assert procedure.quantity
        assert procedure.quantity.status == "accepted"

    def test_a_description_that_ends_in_the_next_columns_head_is_not_accepted(self) -> None:
        rows: tuple[Row, ...] = (
            "SOLICITAÇÃO DE EXAMES",
            ((0.1, "Código"), (0.25, "Procedimento")),
            ((0.1, "41101316"), (0.25, "RM articular - joelho direito QTD")),
        )
        (procedure,) = read(page(*rows)).procedures
        assert procedure.description.failed == ("own_column",)

    def test_only_what_has_a_tick_is_asked_for(self) -> None:
        rows: tuple[Row, ...] = ("Exames solicitados", ((0.1, "[X] TSH"), (0.5, "[ ] Hemograma completo")))
        (procedure,) = read(page(*rows, "CRM-SP 12345")).procedures
        assert procedure.description.normal
        assert procedure.description.normal.reveal() == "TSH"

    def test_a_list_to_choose_from_whose_boxes_nobody_saw_is_not_rested_on(self) -> None:
        rows: tuple[Row, ...] = ("Exames solicitados", ((0.1, "TSH"), (0.5, "Hemograma completo")), "CRM-SP 12345")
        assert {each.description.status for each in read(page(*rows)).procedures} == {"confirm"}


class TestCards:
    def test_name_and_number_need_no_label(self) -> None:
        rows = ("UNIMED", "0 865 123456789012 3", "MARIA SOUZA LIMA", "Nasc. 01/02/1980", "NACIONAL", "ANS - nº 345678")
        found = accepted(read(page(*rows)))
        assert (found["card_number"], found["member_name"]) == ("08651234567890123", "MARIA SOUZA LIMA")


class TestPayer:
    def test_a_guide(self) -> None:
        rows: tuple[Row, ...] = (
            "GUIA DE SOLICITAÇÃO DE INTERNAÇÃO",
            ((0.1, "1 - Registro ANS"), (0.4, "2 - Nº Guia no Prestador"), (0.7, "5 - Senha")),
            ((0.1, "348717"), (0.4, "97521271"), (0.7, "824208491")),
            ((0.1, "7 - Número da Carteira"), (0.5, "10 - Nome")),
            ((0.1, "0352749164141"), (0.5, "Severino Lopes Damasceno")),
        )
        found = accepted(read(page(*rows)))
        assert found["ans_registry"] == "348717"
        assert found["guide_number"] == "97521271"
        assert found["password"] == "824208491"
        assert found["member_name"] == "Severino Lopes Damasceno"

    def test_a_wrong_check_digit_is_not_accepted(self) -> None:
        assert "provider_cnpj" not in accepted(read(page("RECIBO", "CNPJ: 11.222.333/0001-82", "Recebi de Ana Lima")))


def test_an_insurer_behind_plano_is_no_plan() -> None:
    rows = ("ORÇAMENTO DE OPME", "Plano: Vida Plena Saúde", "Validade da proposta: 30/12/2026")
    assert "plan" not in accepted(read(page(*rows)))


def test_whom_a_letter_is_written_to_did_not_write_it() -> None:
    rows = ("Serviço de Diagnóstico Boa Vista", "Solicito: TSH", "CRM-SP 12345")
    assert accepted(read(page(*rows)))["provider_name"] == rows[0]
    assert "provider_name" not in accepted(read(page(f"Ao {rows[0]}", *rows[1:])))
