"""In which order a page is read, on pages drawn as boxes: a form, a table, columns, boxes to tick."""

from dataclasses import replace

import pytest

from austa.modules.documents.api import Box
from austa.modules.documents.domain.order import text_of_page
from austa.modules.documents.domain.pieces import in_pieces
from austa.modules.documents.domain.reading import CheckBox, Line, PageReading

HEIGHT = 0.014


def line(text: str, x: float, y: float, height: float = HEIGHT, confidence: float = 0.98) -> Line:
    """A line whose letters are about half as wide as it is high, on a page twice as high as wide."""
    width = len(text) * height * 0.7
    return Line(text, Box(page=1, x0=x, y0=y, x1=min(x + width, 0.98), y1=y + height), confidence)


def box(x0: float, y0: float, x1: float, y1: float) -> Box:
    return Box(page=1, x0=x0, y0=y0, x1=x1, y1=y1)


def page(*lines: Line, cells: tuple[Box, ...] = (), checks: tuple[CheckBox, ...] = ()) -> PageReading:
    return PageReading(1, 1240, 1754, lines, lines, cells, checks)


def tilted(reading: PageReading, fall: float) -> PageReading:
    """The same page on a sheet that falls by so much of the page's height from left to right."""

    def moved(place: Box) -> Box:
        by = fall * (place.x0 + place.x1) / 2
        return place.model_copy(update={"y0": place.y0 + by, "y1": place.y1 + by})

    return replace(
        reading,
        lines=tuple(replace(each, box=moved(each.box)) for each in reading.lines),
        cells=tuple(moved(each) for each in reading.cells),
    )


TABLE = page(
    *(
        line(text, x, y)
        for y, row in ((0.30, ("Código", "Procedimento", "Qtd.")), (0.33, ("40304361", "Hemograma", "1")))
        for x, text in zip((0.1, 0.3, 0.8), row, strict=True)
    )
)
GUIDE = page(
    line("8 - Número da Carteira", 0.06, 0.101, 0.009),
    line("10 - Nome", 0.56, 0.101, 0.009),
    line("0037123456", 0.06, 0.112),
    line("Severino Lopes", 0.56, 0.112),
    line("12 - Contratado", 0.06, 0.131, 0.009),
    line("Hospital", 0.06, 0.142),
    cells=(box(0.05, 0.1, 0.55, 0.13), box(0.55, 0.1, 0.95, 0.13), box(0.05, 0.13, 0.95, 0.16)),
)


class TestOrder:
    @pytest.mark.parametrize("fall", [0.0, 0.006, -0.006])
    def test_a_table_is_read_row_by_row(self, fall: float) -> None:
        assert text_of_page(tilted(TABLE, fall)) == "Código Procedimento Qtd.\n40304361 Hemograma 1"

    @pytest.mark.parametrize("fall", [0.0, 0.004, -0.004])
    def test_what_stands_in_one_ruled_box_stays_together(self, fall: float) -> None:
        assert " ".join(text_of_page(tilted(GUIDE, fall)).split()) == (
            "8 - Número da Carteira 0037123456 10 - Nome Severino Lopes 12 - Contratado Hospital"
        )

    def test_a_small_label_is_read_before_the_value_below_it(self) -> None:
        card = page(
            line("NASCIMENTO", 0.1, 0.5, 0.01),
            line("PLANO", 0.4, 0.5, 0.01),
            line("02/03/1980", 0.1, 0.513),
            line("Ouro", 0.4, 0.513),
        )
        assert text_of_page(card).split() == ["NASCIMENTO", "02/03/1980", "PLANO", "Ouro"]

    def test_pairs_beside_each_other_are_read_row_by_row(self) -> None:
        pairs = page(
            line("Paciente: Ana Lima", 0.1, 0.1),
            line("Nasc.: 02/03/1980", 0.6, 0.1),
            line("Médico: Dr. Caio Reis", 0.1, 0.119),
            line("Convênio: Vale", 0.6, 0.119),
        )
        assert text_of_page(pairs) == "Paciente: Ana Lima Nasc.: 02/03/1980\nMédico: Dr. Caio Reis Convênio: Vale"

    def test_columns_that_do_not_keep_step_are_read_one_after_the_other(self) -> None:
        issuer = [
            line(text, 0.08, 0.1 + 0.018 * at) for at, text in enumerate(("EMITENTE", "Dr. Caio", "CRM 1", "Rua 2"))
        ]
        copies = [line(text, 0.6, 0.108 + 0.018 * at) for at, text in enumerate(("1ª VIA", "2ª VIA"))]
        assert text_of_page(page(*issuer, *copies)).split("\n") == [
            "EMITENTE", "Dr. Caio", "CRM 1", "Rua 2", "1ª VIA", "2ª VIA",
        ]  # fmt: skip

    def test_two_columns_of_running_text_are_read_to_their_end(self) -> None:
        rows = [f"linha {number} do texto que corre pela coluna" for number in range(5)]
        left = [line(f"A {text}", 0.05, 0.2 + 0.02 * at, 0.012) for at, text in enumerate(rows)]
        right = [line(f"B {text}", 0.55, 0.2 + 0.02 * at, 0.012) for at, text in enumerate(rows)]
        said = text_of_page(page(*left, *right)).split("\n")
        assert [each[0] for each in said] == ["A"] * 5 + ["B"] * 5

    def test_the_rest_of_a_cell_is_read_before_the_next_cell(self) -> None:
        table = page(
            line("1", 0.05, 0.3),
            line("Placa bloqueada de titânio", 0.1, 0.3),
            line("80117580", 0.6, 0.3),
            line("com seis furos", 0.1, 0.316),
            line("2", 0.05, 0.345),
            line("Parafuso", 0.1, 0.345),
            line("80117581", 0.6, 0.345),
        )
        assert " ".join(text_of_page(table).split()) == (
            "1 Placa bloqueada de titânio com seis furos 80117580 2 Parafuso 80117581"
        )

    def test_a_watermark_and_a_signature_are_no_text(self) -> None:
        body = [line(f"linha {number}", 0.1, 0.2 + 0.02 * number) for number in range(6)]
        drawn = (line("CÓPIA", 0.1, 0.2, 0.12), line("Mmnn", 0.5, 0.5, confidence=0.6))
        assert text_of_page(page(*body, *drawn)).split("\n") == [f"linha {number}" for number in range(6)]

    def test_a_blank_page_says_nothing(self) -> None:
        assert text_of_page(page()) == ""


class TestBoxesToTick:
    def test_stand_before_their_words(self) -> None:
        asked = page(
            line("Hemograma", 0.13, 0.1),
            line("TSH", 0.13, 0.13),
            checks=(
                CheckBox(box(0.1, 0.101, 0.115, 0.113), True, 0.9),
                CheckBox(box(0.1, 0.131, 0.115, 0.143), False, 0.9),
            ),
        )
        assert text_of_page(asked) == "[X] Hemograma\n[ ] TSH"

    def test_the_letter_read_from_a_box_goes_and_a_line_of_two_boxes_is_two(self) -> None:
        edges = ((0.1, 0.115), (0.13, 0.25), (0.4, 0.415), (0.43, 0.47))
        seen = replace(line("X Hemograma O TSH", 0.1, 0.1), edges=edges)
        checks = (
            CheckBox(box(0.1, 0.101, 0.115, 0.113), True, 0.9),
            CheckBox(box(0.4, 0.101, 0.415, 0.113), False, 0.9),
        )
        lines = in_pieces([seen], checks, 0.7)
        assert [each.text for each in lines] == ["Hemograma", "TSH"]
        assert text_of_page(page(*lines, checks=checks)) == "[X] Hemograma [ ] TSH"

    def test_lines_joined_across_a_gap_are_divided(self) -> None:
        seen = replace(
            line("Ana Lima Sexo F", 0.1, 0.1), edges=((0.1, 0.13), (0.136, 0.17), (0.6, 0.64), (0.645, 0.66))
        )
        assert [each.text for each in in_pieces([seen], (), 0.7)] == ["Ana Lima", "Sexo F"]
