"""The drawn papers: what a label says is printed, numbers are valid, and a seed draws the same files again."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image
from validate_docbr import CNPJ, CNS, CPF

from austa.bench.documents.cases import draw_case, reais, written
from austa.bench.documents.generator import FAMILIES, Family, draw_document
from austa.bench.documents.layouts.layout import Layout
from austa.bench.documents.photo import Camera, photograph
from austa.bench.documents.scoring import folded
from austa.modules.documents.api import DocumentClass

TODAY = date(2026, 11, 22)
LAYOUTS = [(family, layout) for family, layouts in FAMILIES.items() for layout in layouts]


def leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from leaves(name, each)
    elif isinstance(value, dict):
        for part, each in value.items():
            yield from leaves(f"{name}.{part}", each)
    else:
        yield name, value


def is_printed(value: Any, text: str) -> bool:
    if isinstance(value, float):
        return reais(value) in text
    if isinstance(value, int):
        return re.search(rf"\b0*{value}\b", text) is not None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = date.fromisoformat(value)
        return f"{day:%d/%m/%Y}" in text or written(day) in text
    if re.fullmatch(r"\d{4}-\d\d", value):
        return f"{value[5:]}/{value[:4]}" in text
    return folded(value) in folded(text) or bare(value) in bare(text)


def bare(text: str) -> str:
    return re.sub(r"[\W_]", "", folded(text))


@pytest.mark.parametrize(("family", "layout"), LAYOUTS, ids=[f"{family}-{layout.name}" for family, layout in LAYOUTS])
def test_what_a_label_says_is_printed(family: Family, layout: Layout) -> None:
    for seed in range(4):
        paper = layout.draw(draw_case(np.random.default_rng(seed), TODAY))
        told = [leaf for name, value in paper.fields.items() for leaf in leaves(name, value)]
        assert told
        missing = [name for name, value in told if not is_printed(value, paper.text)]
        assert paper.handwritten or missing == []


def test_each_family_has_every_class_and_none_of_the_others_layouts() -> None:
    build, held_out = FAMILIES["build"], FAMILIES["held-out"]
    assert len(build) + len(held_out) >= 30
    for family in (build, held_out):
        assert {layout.document_class for layout in family} == set(get_args(DocumentClass))
    assert not {layout.draw for layout in build} & {layout.draw for layout in held_out}
    assert not {layout.name for layout in build} & {layout.name for layout in held_out}


def test_numbers_have_the_right_check_digits() -> None:
    for seed in range(40):
        case = draw_case(np.random.default_rng(seed), TODAY)
        assert CPF().validate(case.cpf)
        assert CNS().validate(case.cns)
        assert CNPJ().validate(case.cnpj)
        assert case.birth < case.issued < TODAY


def test_a_seed_draws_the_same_file_again() -> None:
    once, again = (draw_document(12, 3, "build", TODAY) for _ in range(2))
    assert (once.content, once.label) == (again.content, again.label)
    assert (once.label.document_class, once.label.quality) == ("identity", "scan")
    assert draw_document(12, 4, "build", TODAY).label != once.label


def test_a_camera_may_be_held_badly() -> None:
    rng = np.random.default_rng(1)
    usual = Camera.by(rng)
    held = replace(usual, long_side=320, dark=0.4, smear=3, finger=True, quarters=1, resent=160)
    page = np.full((210, 150, 3), 255, np.uint8)
    dark, bright = (
        Image.open(io.BytesIO(photograph(page, rng, each))) for each in (held, replace(usual, long_side=320))
    )
    assert (dark.size, bright.size) == ((160, 120), (240, 320))
    assert np.asarray(dark).mean() < 0.75 * np.asarray(bright).mean()


def test_a_pdf_from_a_system_has_its_text() -> None:
    drawn = draw_document(2, 1, "build", TODAY)
    assert (drawn.suffix, drawn.content[:5]) == (".pdf", b"%PDF-")
    assert drawn.label.quality == "pdf"
    assert drawn.label.fields["member_name"] in drawn.label.text
