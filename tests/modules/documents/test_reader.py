"""The real reader on drawn papers, on garbage, and in its life and death."""

import asyncio
import io
import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from datetime import date

import cv2
import numpy as np
import psutil
import pytest
from PIL import Image

from austa.kernel.errors import Unavailable
from austa.modules.documents.adapters.reader import FileRefused, PageReader
from austa.modules.documents.domain.extraction import Extraction, extract
from tests.modules.documents import paper
from tests.modules.documents.terms import FewTerms

TODAY = date(2026, 11, 21)
GARBAGE = b"\xff\xd8\xff" + bytes(range(256)) * 20


async def extraction(reader: PageReader, content: bytes, media_type: str = "image/jpeg") -> Extraction:
    pages = await reader.read(content, media_type)
    return extract([page.reading for page in pages], FewTerms(), TODAY)


def accepted(found: Extraction) -> dict[str, str]:
    return {f.name: f.normal.reveal() for f in found.fields if f.normal and f.status == "accepted"}


class TestPhotos:
    async def test_a_leaning_order_in_shadow(self, page_reader: PageReader) -> None:
        found = await extraction(page_reader, paper.jpeg(paper.photo(paper.knee_order())))
        assert found.outcome == "complete"
        assert accepted(found) | {"indication": ""} == {
            "member_name": "Severino Lopes Damasceno",
            "card_number": "00371234567890123",
            "cpf": "11144477735",
            "birth_date": "1980-03-02",
            "cid": "M23.2",
            "indication": "",
            "issue_date": "2026-11-18",
            "requester_name": "Arnaldo Menezes Pinto",
            "council": "CRM",
            "council_uf": "SP",
            "council_number": "123456",
            "provider_name": "Clínica Ortopédica São Lucas",
        }
        assert [p.tuss.normal.reveal() for p in found.procedures if p.tuss and p.tuss.normal] == ["41101316"]
        assert page_reader.pid
        assert psutil.Process(page_reader.pid).memory_info().rss < 900 * 2**20

    async def test_upside_down_and_its_picture_is_upright(self, page_reader: PageReader) -> None:
        turned = cv2.rotate(paper.lab_order(), cv2.ROTATE_180)
        (page,) = await page_reader.read(paper.jpeg(np.asarray(turned)), "image/jpeg")
        found = extract([page.reading], FewTerms(), TODAY)
        assert [p.tuss.normal.reveal() for p in found.procedures if p.tuss and p.tuss.normal] == [
            "40304361",
            "40302040",
            "40316521",
        ]
        with Image.open(io.BytesIO(page.picture)) as picture:
            shown = np.asarray(picture.convert("L"))
        upper, lower = shown[: shown.shape[0] // 2], shown[shown.shape[0] // 2 :]
        assert (upper < 128).sum() > (lower < 128).sum()

    async def test_sideways_with_its_location_in_exif(self, page_reader: PageReader) -> None:
        turned = Image.fromarray(cv2.rotate(paper.knee_order(), cv2.ROTATE_90_CLOCKWISE))
        exif = Image.Exif()
        exif[0x010F] = "PhoneMaker"
        out = io.BytesIO()
        turned.save(out, "JPEG", exif=exif, quality=85)
        (page,) = await page_reader.read(out.getvalue(), "image/jpeg")
        assert b"PhoneMaker" not in page.picture
        assert page.reading.height > page.reading.width
        assert accepted(extract([page.reading], FewTerms(), TODAY))["cid"] == "M23.2"

    async def test_what_a_thumb_covers_is_not_guessed(self, page_reader: PageReader) -> None:
        held = paper.with_thumb(paper.knee_order(), 640, 455)
        found = await extraction(page_reader, paper.jpeg(paper.photo(held, angle=-3.0)))
        assert "card_number" not in accepted(found)
        assert accepted(found)["council_number"] == "123456"


class TestPdf:
    async def test_a_text_layer_is_checked_against_its_picture(self, page_reader: PageReader) -> None:
        lines = ["Solicito: TSH 40316521", "Paciente: Severino Lopes Damasceno", "CID: M23.2", "CRM-SP 123456"]
        (page,) = await page_reader.read(pdf_with_text(lines), PDF)
        assert [line.text for line in page.reading.lines] == lines
        assert accepted(extract([page.reading], FewTerms(), TODAY))["council_number"] == "123456"

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"%PDF-1.7 and then nothing of the kind", "documents.damaged"),
            (b"%PDF-", "documents.damaged"),
        ],
    )
    async def test_that_is_not_one_is_refused(self, page_reader: PageReader, content: bytes, code: str) -> None:
        with pytest.raises(FileRefused) as error:
            await page_reader.read(content, PDF)
        assert error.value.code == code

    async def test_with_a_password_is_refused(self, page_reader: PageReader) -> None:
        with pytest.raises(FileRefused) as error:
            await page_reader.read(ENCRYPTED, PDF)
        assert error.value.code == "documents.pdf_encrypted"

    async def test_with_too_many_pages_is_refused(self, page_reader: PageReader) -> None:
        with pytest.raises(FileRefused) as error:
            await page_reader.read(pdf_with_text(["x"], pages=21), PDF)
        assert error.value.code == "documents.too_many_pages"


class TestGarbage:
    @pytest.mark.parametrize("content", [GARBAGE, b"\xff\xd8\xff", b"\xff\xd8\xff\xe0" + bytes(3000)])
    async def test_is_refused(self, page_reader: PageReader, content: bytes) -> None:
        with pytest.raises(FileRefused) as error:
            await page_reader.read(content, "image/jpeg")
        assert error.value.code == "documents.damaged"

    async def test_a_decompression_bomb_is_refused_at_once(self, page_reader: PageReader) -> None:
        started = time.monotonic()
        with pytest.raises(FileRefused) as error:
            await page_reader.read(png_that_claims(60_000, 60_000), "image/png")
        assert error.value.code == "documents.too_many_pixels"
        assert time.monotonic() - started < 30, "opening it would take minutes"

    async def test_the_reader_reads_on_after_it(self, page_reader: PageReader) -> None:
        before = page_reader.pid
        with pytest.raises(FileRefused):
            await page_reader.read(GARBAGE, "image/jpeg")
        assert page_reader.pid == before


class TestLife:
    async def test_it_starts_with_the_first_file_and_leaves_when_idle(self) -> None:
        reader = PageReader(idle_s=0.2)
        assert reader.pid is None
        with pytest.raises(FileRefused):
            await reader.read(GARBAGE, "image/jpeg")
        child = reader.pid
        assert child
        await _until(lambda: not psutil.pid_exists(child))
        assert reader.pid is None
        with pytest.raises(FileRefused):
            await reader.read(GARBAGE, "image/jpeg")
        await reader.close()

    async def test_killed_in_the_middle_it_says_so_and_comes_back(self) -> None:
        reader = PageReader()
        reading = asyncio.create_task(reader.read(paper.jpeg(paper.knee_order()), "image/jpeg"))
        await _until(lambda: reader.pid is not None)
        await asyncio.sleep(0.3)
        assert reader.pid
        os.kill(reader.pid, signal.SIGKILL)
        with pytest.raises(Unavailable) as error:
            await reading
        assert error.value.code == "documents.reader_died"
        with pytest.raises(FileRefused):
            await reader.read(GARBAGE, "image/jpeg")
        await reader.close()

    async def test_hanging_it_is_killed_and_comes_back(self) -> None:
        reader = PageReader(page_timeout_s=4)
        with pytest.raises(FileRefused):
            await reader.read(GARBAGE, "image/jpeg")
        hung = reader.pid
        assert hung
        os.kill(hung, signal.SIGSTOP)
        with pytest.raises(Unavailable) as error:
            await reader.read(GARBAGE, "image/jpeg")
        assert error.value.code == "documents.reader_too_slow"
        assert not psutil.pid_exists(hung)
        with pytest.raises(FileRefused):
            await reader.read(GARBAGE, "image/jpeg")
        await reader.close()

    async def test_grown_too_large_it_leaves_and_the_next_file_finds_a_new_one(self) -> None:
        reader = PageReader(max_resident_mb=1)
        for _ in range(2):
            with pytest.raises(FileRefused):
                await reader.read(GARBAGE, "image/jpeg")
            assert reader.pid is None
        await reader.close()

    async def test_too_many_waiting_are_told_to_come_later(self) -> None:
        reader = PageReader(max_waiting=1)
        first = asyncio.create_task(reader.read(GARBAGE, "image/jpeg"))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable) as error:
            await reader.read(GARBAGE, "image/jpeg")
        assert error.value.code == "documents.reader_busy"
        with pytest.raises(FileRefused):
            await first
        await reader.close()

    async def test_it_dies_with_its_worker(self) -> None:
        worker = subprocess.Popen([sys.executable, "-c", _WORKER], stdout=subprocess.PIPE, text=True)
        assert worker.stdout
        child = int(await asyncio.to_thread(worker.stdout.readline))
        assert psutil.pid_exists(child)
        worker.kill()
        worker.wait()
        worker.stdout.close()
        await _until(lambda: not psutil.pid_exists(child))


PDF = "application/pdf"


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes of PNG that would unfold to that many pixels."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(99)))]
    chunks = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


_WORKER = """
import asyncio
from austa.modules.documents.adapters.reader import FileRefused, PageReader

async def main():
    reader = PageReader()
    try:
        await reader.read(b"%PDF-", "application/pdf")
    except FileRefused:
        print(reader.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def pdf_with_text(lines: list[str], pages: int = 1) -> bytes:
    """A PDF made by hand, its text drawn in Helvetica."""
    drawn = "BT /F1 20 Tf 60 760 Td 30 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n in range(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return assembled(objects, "")


def assembled(objects: list[str], trailer: str) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    start = len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF".encode()


# A user password that nobody knows: the key entries do not fit the empty one.
ENCRYPTED = assembled(
    [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [] /Count 0 >>",
        f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >>",
    ],
    f"/Encrypt 3 0 R /ID [<{'01' * 16}> <{'01' * 16}>]",
)


async def _until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)
