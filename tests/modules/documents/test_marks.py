"""How a PDF says it was made, read from its bytes alone."""

import pytest

from austa.modules.documents.domain.marks import marks_of

BEFORE = b"%PDF-1.7\n1 0 obj <</Producer (HP Scan 2.1) /Creator (HP)>> endobj\n"


def signed(added: bytes = b"") -> bytes:
    """A PDF whose signature covers it to its end; then what was added."""
    end = len(BEFORE) + len(b"/ByteRange [0 0000 0000 0000]\n%%EOF\n")
    body = BEFORE + b"/ByteRange [0 0010 %04d %04d]\n%%%%EOF\n" % (10, end - 10)
    assert len(body) == end
    return body + added


@pytest.mark.parametrize(
    ("content", "made_by"),
    [
        (BEFORE, "HP Scan 2.1; HP"),
        (b"%PDF-1.4 /Producer <FEFF004700490 04D0050>", "GIMP"),
        (b"%PDF-1.7 <xmp:CreatorTool>Canva</xmp:CreatorTool>", "Canva"),
        (b"%PDF-1.7", ""),
        (b"%PDF-1.7 /Producer (" + b"x" * 5000, ""),
    ],
)
def test_the_programs_that_say_they_made_it(content: bytes, made_by: str) -> None:
    assert marks_of(content).made_by == made_by


@pytest.mark.parametrize(
    ("content", "changed"),
    [
        (BEFORE, False),
        (signed(), False),
        (signed(b"\n \n"), False),
        (signed(b"9 0 obj <</Type /Page /Contents 3 0 R>> endobj\n%%EOF"), True),
        (signed(b"9 0 obj <</DSS <</Certs []>>>> endobj\n%%EOF"), False),
        (signed(b"9 0 obj <</DSS <<>>>> 4 0 obj <</Type /Page>> endobj"), True),
        (b"%PDF-1.7 /ByteRange [0 10 20 99999999]", False),
    ],
    ids=["unsigned", "signed", "blanks after", "a page after", "kept for long", "both", "a range beyond the end"],
)
def test_what_was_added_after_the_signature(content: bytes, changed: bool) -> None:
    assert marks_of(content).changed_after_signature is changed
