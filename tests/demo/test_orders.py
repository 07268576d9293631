"""The demo's papers look like paper, say what the request says, and come out the same for the same seed."""

import io
from datetime import date
from pathlib import Path

import faster_paddle
import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from austa.demo.orders.letterheads import LETTERHEADS
from austa.demo.orders.pages import parts_of, set_page
from austa.demo.orders.render import PaperShelf, render_order, render_paper
from austa.demo.orders.sheet import Sheet
from austa.demo.people import demo_world
from austa.demo.shapes import DemoPaper, DemoRequest

WORLD = demo_world(date(2026, 11, 22))
KNEE = WORLD.request("sample-knee")
PAPERS = [(request, paper) for request in (*WORLD.samples, *WORLD.requests) for paper in request.papers]


def printed(request: DemoRequest, paper: DemoPaper) -> str:
    """The text of a paper before it is photographed."""
    with Sheet(LETTERHEADS[paper.layout].size) as sheet:
        set_page(sheet, parts_of(WORLD, request, paper), by_hand=False)
        return str(pdfium.PdfDocument(sheet.pdf_bytes(paper.issued_on))[0].get_textpage().get_text_range())


@pytest.fixture(scope="module")
def photo() -> bytes:
    return render_order(WORLD, KNEE, seed=7)


def test_the_same_seed_gives_the_same_photo_and_another_seed_another(photo: bytes) -> None:
    assert render_order(WORLD, KNEE, seed=7) == photo
    assert render_order(WORLD, KNEE, seed=8) != photo


def test_a_photo_is_a_jpeg_of_a_telephone_s_size(photo: bytes) -> None:
    image = Image.open(io.BytesIO(photo))
    assert (image.format, image.size, image.mode) == ("JPEG", (1200, 1600), "RGB")
    assert 80_000 < len(photo) < 600_000
    assert not image.getexif()


def test_a_photo_shows_white_paper_on_a_darker_table_within_the_frame(photo: bytes) -> None:
    image = np.asarray(Image.open(io.BytesIO(photo)).convert("L"), np.float32)

    edges = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    assert image[700:1100, 400:800].mean() > 160
    assert np.median(edges) < image[700:1100, 400:800].mean() - 30


@pytest.mark.parametrize(("request_", "paper"), PAPERS, ids=[paper.name for _, paper in PAPERS])
def test_every_paper_fits_its_page_and_names_the_patient(request_: DemoRequest, paper: DemoPaper) -> None:
    text = printed(request_, paper)
    member = WORLD.member(request_.member_key)

    if paper.kind != "receipt":
        assert member.name in text
        assert member.card_number in text
    assert "fict" in text or paper.layout in {"prescription", "receipt"}
    if paper.kind == "order":
        parts = parts_of(WORLD, request_, paper)
        assert all(item.code in text for item in parts.items)
        assert all(cid in text for cid in parts.cids)
        assert parts.signer.registration in text


@pytest.mark.parametrize("name", [paper.name for _, paper in PAPERS if paper.name.endswith(".pdf")])
def test_a_file_is_a_pdf_that_opens_and_is_always_the_same(name: str) -> None:
    request, paper = next((request, paper) for request, paper in PAPERS if paper.name == name)

    content = render_paper(WORLD, request, paper)

    document = pdfium.PdfDocument(content)
    has_text = bool(document[0].get_textpage().get_text_range().strip())
    assert len(document) == 1
    assert has_text == (paper.kind != "finding")
    assert render_paper(WORLD, request, paper) == content


def test_there_are_at_least_six_layouts_of_orders() -> None:
    assert len({paper.layout for _, paper in PAPERS if paper.kind == "order"}) >= 6


def test_the_shelf_renders_once_and_keeps(tmp_path: Path) -> None:
    shelf = PaperShelf(WORLD, tmp_path)

    first = shelf.take("11-orcamento.pdf")
    kept = next(tmp_path.iterdir())
    kept.write_bytes(b"kept")

    assert first.startswith(b"%PDF")
    assert shelf.take("11-orcamento.pdf") == b"kept"
    with pytest.raises(KeyError):
        shelf.take("../../etc/passwd")


@pytest.mark.slow
@pytest.mark.parametrize("key", ["sample-knee", "sample-ultrasound", "request-02", "request-12"])
def test_a_machine_can_read_the_photo(key: str) -> None:
    request = WORLD.request(key)
    engine = faster_paddle.OcrEngine(model_size="small", threads=1, det_max_side=1280)

    text = str(engine.ocr(render_order(WORLD, request)))

    assert WORLD.member(request.member_key).card_number in text
    assert all(item.code in text for item in request.items)
    assert all(cid in text for cid in request.cids)
