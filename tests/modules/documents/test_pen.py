"""A pen is told from print by the shape of its letters, line by line."""

from dataclasses import replace
from datetime import date
from importlib import resources
from typing import cast

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from austa.modules.documents.adapters.words import Words
from austa.modules.documents.domain.extraction import extract
from tests.modules.documents.readings import order
from tests.modules.documents.terms import FewTerms

SENTENCE = "Ressonância magnética do joelho direito, dor e bloqueio"
PRINT = cast(ImageFont.FreeTypeFont, ImageFont.load_default(30))
PEN = str(resources.files("austa.bench.documents") / "fonts" / "reenie-beanie.ttf")


def line_in(font: ImageFont.FreeTypeFont, lifts: tuple[int, ...]) -> tuple[Words, tuple[float, float, float, float]]:
    """The sentence on a white page, each word lifted off its line by so many pixels in turn."""
    sheet = Image.new("RGB", (1600, 400), "white")
    brush, x = ImageDraw.Draw(sheet), 60.0
    for number, word in enumerate(SENTENCE.split()):
        brush.text((x, 150 + lifts[number % len(lifts)]), word, "#20306a", font)
        x += brush.textlength(word + " ", font)
    ink = np.argwhere(np.asarray(sheet.convert("L")) < 128)
    (y0, x0), (y1, x1) = ink.min(axis=0), ink.max(axis=0)
    return Words(np.ascontiguousarray(np.asarray(sheet)[:, :, ::-1])), (x0 / 1600, y0 / 400, x1 / 1600, y1 / 400)


class TestLines:
    def test_print_is_print(self) -> None:
        words, box = line_in(PRINT, (0,))
        assert (words.by_hand(box) or 0.0) < 0.5

    def test_a_pen_is_a_pen(self) -> None:
        words, box = line_in(ImageFont.truetype(PEN, 52), (0, -5, 4, 6, -3))
        likely = words.by_hand(box)
        assert likely is not None
        assert likely > 0.9

    def test_of_an_empty_place_nothing_is_said(self) -> None:
        words, _ = line_in(PRINT, (0,))
        assert words.by_hand((0.1, 0.8, 0.9, 0.95)) is None

    def test_each_word_is_found_by_the_space_before_it(self) -> None:
        words, box = line_in(PRINT, (0,))
        edges = words.edges(SENTENCE, box)
        assert len(edges) == len(SENTENCE.split())
        assert [edges[0][0], edges[-1][1]] == pytest.approx([box[0], box[2]], abs=0.002)
        brush = ImageDraw.Draw(Image.new("L", (1, 1)))
        start = 60 + brush.textlength("Ressonância magnética ", PRINT)
        assert edges[2][0] * 1600 == pytest.approx(start, abs=8)


class TestPapers:
    def test_filled_in_by_hand_goes_to_a_person_with_nothing_accepted(self) -> None:
        page = order()
        written = {3, 4, 8, 10}
        lines = tuple(replace(each, hand=0.8 if at in written else 0.05) for at, each in enumerate(page.lines))
        found = extract([replace(page, lines=lines)], FewTerms(), date(2026, 11, 21))
        assert (found.handwritten, found.outcome) == (True, "person")
        assert not [field for field in found.fields if field.status == "accepted"]

    def test_with_one_line_by_hand_rests_on_the_printed_ones(self) -> None:
        page = order()
        lines = tuple(replace(each, hand=0.97 if each.text.startswith("CID") else 0.05) for each in page.lines)
        found = extract([replace(page, lines=lines)], FewTerms(), date(2026, 11, 21))
        by_name = {field.name: field for field in found.fields}
        assert not found.handwritten
        assert (by_name["cid"].status, by_name["cid"].failed) == ("confirm", ("in_print",))
        assert by_name["member_name"].status == "accepted"
