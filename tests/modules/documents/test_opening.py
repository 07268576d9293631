"""What files from strangers may be: types by content, many pages, and what is refused, each with a reason."""

import io
import zipfile
import zlib
from hashlib import md5
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from austa.modules.documents.adapters.opening import LONG_SIDE, OpenedPage, Refused, open_pages
from austa.modules.documents.adapters.pdf_scripts import has_program
from austa.modules.documents.api import REFUSALS
from austa.modules.documents.domain.intake import HEIC, PDF, media_type_of, refusal_of
from tests.modules.documents import paper
from tests.modules.documents.test_reader import assembled

ORDER_HEIC = Path("tests/golden/documents/order.heic").read_bytes()
"""`paper.knee_order()` at 992 x 1403 pixels, written by heif-enc of libheif 1.15."""
PHOTO = paper.jpeg(paper.sheet(paper.Text(100, 100, "Pedido")))
MB = 1024 * 1024


def opened(content: bytes, max_pages: int = 20) -> list[OpenedPage]:
    media_type = media_type_of(content)
    assert media_type is not None
    return list(open_pages(content, media_type, max_pages))


def refused(content: bytes, max_pages: int = 20) -> str:
    with pytest.raises(Refused) as refusal:
        opened(content, max_pages)
    code = str(refusal.value)
    assert code in REFUSALS
    return code


def tiff(*shades: int) -> bytes:
    """A page for each shade."""
    first, *others = (Image.new("L", (300, 400), shade) for shade in shades)
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others, compression="tiff_deflate")
    return out.getvalue()


def pdf(*objects: bytes) -> bytes:
    """As much of a PDF as is searched."""
    return b"%PDF-1.7\n" + b"\n".join(b"%d 0 obj\n%b\nendobj" % (n, each) for n, each in enumerate(objects, 1))


def packed(inside: bytes) -> bytes:
    """Objects packed into a stream."""
    body = zlib.compress(inside)
    return b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(body), body)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("programa.txt", "x")
    return out.getvalue()


class TestHeic:
    def test_is_known_by_its_content_and_opened(self) -> None:
        assert (media_type_of(ORDER_HEIC), refusal_of(ORDER_HEIC, MB)) == (HEIC, None)
        (page,) = opened(ORDER_HEIC)
        assert page.pixels.shape == (1403, 992, 3)
        drawn = np.asarray(Image.fromarray(paper.knee_order()).resize((992, 1403)))
        assert np.abs(page.pixels.astype(int) - drawn).mean() < 6
        assert page.is_photo

    @pytest.mark.parametrize("kept", [40, 3000, len(ORDER_HEIC) - 50])
    def test_cut_off_is_refused(self, kept: int) -> None:
        assert refused(ORDER_HEIC[:kept]) == "documents.damaged"

    def test_avif_and_films_are_not_accepted(self) -> None:
        for brand in (b"avif", b"isom", b"hevc"):
            assert refusal_of(ORDER_HEIC[:8] + brand + ORDER_HEIC[12:], MB) == "documents.type_not_accepted"


class TestPages:
    def test_of_a_tiff_come_one_after_another(self) -> None:
        assert [int(page.pixels[9, 9, 0]) for page in opened(tiff(10, 120, 250))] == [10, 120, 250]

    def test_without_their_size_are_refused(self) -> None:
        """Pillow answers this second page with a TypeError."""
        width = b"\x00\x01\x03\x00"
        before, _, after = tiff(10, 20).rpartition(width)
        assert refused(before + b"\x7f" + width[1:] + after) == "documents.damaged"

    def test_too_many_are_refused_before_any_is_read(self) -> None:
        assert len(opened(tiff(1, 2, 3), max_pages=3)) == 3
        assert refused(tiff(1, 2, 3, 4), max_pages=3) == "documents.too_many_pages"

    def test_what_a_camera_puts_behind_its_photo_is_none(self) -> None:
        """A map of light or depth, in the format of several pictures (CIPA DC-007)."""
        out = io.BytesIO()
        photo, light = Image.new("RGB", (400, 300), "white"), Image.new("RGB", (200, 150), "black")
        photo.save(out, "MPO", save_all=True, append_images=[light])
        (page,) = opened(out.getvalue())
        assert page.pixels.shape == (300, 400, 3)

    def test_a_camera_of_48_megapixels_is_welcome_and_made_smaller(self) -> None:
        out = io.BytesIO()
        Image.new("L", (8064, 6048), 200).save(out, "JPEG")
        (page,) = opened(out.getvalue())
        assert max(page.pixels.shape) <= LONG_SIDE


PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def encrypted(password: str) -> bytes:
    """A blank page behind a password (standard security handler, revision 2: ISO 32000-1, 7.6.3)."""
    padded = (password.encode("latin-1") + PADDING)[:32]
    owner = rc4(md5(padded).digest()[:5], padded)
    key = md5(padded + owner + (0xFFFFFFFC).to_bytes(4, "little") + b"\x01" * 16).digest()[:5]
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{rc4(key, PADDING).hex()}> >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ],
        f"/Encrypt 3 0 R /ID [<{'01' * 16}> <{'01' * 16}>]",
    )


def rc4(key: bytes, content: bytes) -> bytes:
    box, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


class TestPasswords:
    def test_open_what_is_encrypted(self) -> None:
        (page,) = open_pages(encrypted("segredo"), PDF, 20, "segredo")
        assert int(page.pixels.min()) == 255

    @pytest.mark.parametrize(
        ("password", "code"), [(None, "documents.pdf_encrypted"), ("outra", "documents.wrong_password")]
    )
    def test_that_are_missing_or_wrong_are_told_apart(self, password: str | None, code: str) -> None:
        with pytest.raises(Refused, match=code):
            list(open_pages(encrypted("segredo"), PDF, 20, password))

    def test_are_not_asked_for_where_none_is_needed(self) -> None:
        """Some programs encrypt only so that readers forbid to print: everybody may open it."""
        assert len(list(open_pages(encrypted(""), PDF, 20))) == 1


class TestPrograms:
    @pytest.mark.parametrize(
        "content",
        [
            pdf(b"<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"),
            pdf(b"<</S /J#61vaScript /J#53 5 0 R>>"),
            pdf(b"<</S/Launch/F(cmd.exe)>>"),
            pdf(b"<</Type/Catalog>>", packed(b"1 0 <</S/JavaScript/JS 2 0 R>>")),
        ],
        ids=["plain", "letters as numbers", "starts a program", "packed"],
    )
    def test_in_a_pdf_are_refused(self, content: bytes) -> None:
        assert has_program(content)
        assert refused(content) == "documents.pdf_with_program"

    @pytest.mark.parametrize(
        "content",
        [
            pdf(b"<</Type/Catalog/OpenAction[3 0 R/Fit]>>"),
            pdf(b"<</Length 20>>\nstream\n..../JS/JavaScript..\nendstream"),
            pdf(b"<</Title(JavaScript para iniciantes)/JSX 1>>"),
            pdf(packed(b"1 0 <</Type/Page>>")),
        ],
        ids=["opens at a page", "bytes of a picture", "a title", "packed pages"],
    )
    def test_what_only_looks_like_one_is_not(self, content: bytes) -> None:
        assert not has_program(content)

    def test_a_bomb_of_packed_objects_is_refused_soon(self) -> None:
        bomb = pdf(*[packed(bytes(64 * MB))] * 12)
        assert len(bomb) < MB
        assert refused(bomb) == "documents.pdf_with_program"


class TestTwoInOne:
    @pytest.mark.parametrize(
        "content",
        [
            PHOTO + zipped(),
            b"\x89PNG\r\n\x1a\n" + b"\x00\x00%PDF-1.4",
            PHOTO[:20] + b"<script>alert(1)</script>" + PHOTO[20:],
            PHOTO + b"<?php system($_GET[0]);",
            b"%PDF-1.7\n%%EOF\n" + zipped(),
        ],
        ids=["archive", "PDF in a picture", "script in a comment", "server page", "PDF and archive"],
    )
    def test_is_refused(self, content: bytes) -> None:
        assert refusal_of(content, MB) == "documents.two_in_one"

    @pytest.mark.parametrize(
        "content",
        [PHOTO, PHOTO + PHOTO, PHOTO + b"SEFT" + bytes(400), b"%PDF-1.7\n<script>\n%%EOF"],
        ids=["photo", "two pictures", "a telephone's own", "text of a PDF"],
    )
    def test_what_telephones_and_printers_write_is_not(self, content: bytes) -> None:
        assert refusal_of(content, MB) is None
        assert media_type_of(content) in {"image/jpeg", PDF}
