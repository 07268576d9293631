"""Every photographed order of the demo, read for real: what is accepted is what was printed."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image

from austa.demo.orders.render import render_paper
from austa.demo.people import demo_world
from austa.demo.shapes import DemoPaper, DemoRequest
from austa.kernel.clock import SystemClock
from austa.modules.documents.adapters.reader import PageReader
from austa.modules.documents.domain.extraction import extract
from austa.modules.documents.domain.likeness import MEASURED, PageLikeness, likeness_of, show_one_photo
from austa.modules.documents.domain.reading import fold
from austa.modules.language.service import LanguageService

TODAY = date(2026, 11, 21)
WORLD = demo_world(TODAY)
ORDERS = [
    (request, paper)
    for request in (*WORLD.samples, *WORLD.requests)
    for paper in request.papers
    if paper.kind == "order" and paper.name.endswith(".jpg")
]
TERMINOLOGY = LanguageService(SystemClock())


@pytest.mark.slow
@pytest.mark.parametrize(("request_", "paper"), ORDERS, ids=[paper.name for _, paper in ORDERS])
async def test_what_is_accepted_is_what_was_printed(
    page_reader: PageReader, request_: DemoRequest, paper: DemoPaper
) -> None:
    pages = await page_reader.read(render_paper(WORLD, request_, paper), "image/jpeg")
    found = extract([page.reading for page in pages], TERMINOLOGY, TODAY)
    member = WORLD.member(request_.member_key)
    signer = WORLD.professional(paper.signed_by or request_.requester_key or "helena")
    council, number = signer.registration.split()
    printed = {
        "member_name": {member.name},
        "card_number": {member.card_number},
        "birth_date": {member.birth_date.isoformat()},
        "issue_date": {paper.issued_on.isoformat()},
        "cid": set(paper.cids or request_.cids),
        "council_number": {number},
        "council_uf": {council[-2:]},
        "requester_name": {signer.name.partition(". ")[2]},
    }
    accepted = {(f.name, fold(f.normal.reveal())) for f in found.fields if f.status == "accepted" and f.normal}
    assert {(name, value) for name, value in accepted if name in printed} <= {
        (name, fold(value)) for name, values in printed.items() for value in values
    }
    codes = {item.tuss.normal.reveal() for item in found.procedures if item.tuss and item.tuss.normal}
    assert codes == {item.code for item in request_.items if not paper.codes or item.code in paper.codes}
    assert found.outcome in {"complete", "confirm"}


@pytest.mark.slow
@pytest.mark.parametrize(("request_", "paper"), ORDERS[:3], ids=[paper.name for _, paper in ORDERS[:3]])
async def test_a_photo_saved_anew_is_known_again_and_another_paper_on_its_form_is_not(
    page_reader: PageReader, request_: DemoRequest, paper: DemoPaper
) -> None:
    """The whole way, with the real reader; figures of more papers and ways are in docs/benchmarks/documents.md."""
    photo = render_paper(WORLD, request_, paper)
    someone_else = next(member.key for member in WORLD.members if member.key != request_.member_key)
    others = {
        "another person": render_paper(WORLD, replace(request_, member_key=someone_else), paper),
        "another day": render_paper(WORLD, request_, replace(paper, issued_on=paper.issued_on - timedelta(days=1))),
    }
    seen = await known_by(page_reader, photo)
    assert show_one_photo(seen, await known_by(page_reader, smaller(photo)), MEASURED)
    for name, other in others.items():
        assert not show_one_photo(seen, await known_by(page_reader, other), MEASURED), name


async def known_by(page_reader: PageReader, photo: bytes) -> list[PageLikeness]:
    return [likeness_of(page.reading, page.signs) for page in await page_reader.read(photo, "image/jpeg")]


def smaller(photo: bytes) -> bytes:
    """As a messenger saves it anew."""
    with Image.open(io.BytesIO(photo)) as picture:
        small = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=70)
    return out.getvalue()
