"""A file read as the workers read it, without a database and without being kept."""

import asyncio
from dataclasses import dataclass
from datetime import date

from austa.modules.documents.adapters.reader import FileRefused, PageReader
from austa.modules.documents.api import FileMarks, PageInfo
from austa.modules.documents.domain.extraction import Extraction, extract
from austa.modules.documents.domain.intake import PDF, media_type_of, refusal_of
from austa.modules.documents.domain.marks import marks_of
from austa.modules.documents.domain.order import text_of_page
from austa.modules.language.api.language import Terminology


@dataclass(frozen=True)
class FileReading:
    """What a file says. `text`: reading order, check boxes as [X] and [ ]; `marks`: how a PDF says it was made."""

    media_type: str
    pages: tuple[PageInfo, ...]
    text: str
    extraction: Extraction
    marks: FileMarks | None


async def read_file(
    reader: PageReader, terminology: Terminology, content: bytes, today: date, max_bytes: int
) -> FileReading:
    """Read a file in the reader's child. `today` is the local date it came in.

    Raises `FileRefused` with a code of `documents.api.REFUSALS`, or `Unavailable` when the reader died or hung.
    """
    refusal = refusal_of(content, max_bytes)
    media_type = media_type_of(content)
    if refusal or media_type is None:
        raise FileRefused(refusal or "documents.type_not_accepted")
    readings = [page.reading for page in await reader.read(content, media_type)]
    return FileReading(
        media_type=media_type,
        pages=tuple(PageInfo(number=each.number, width=each.width, height=each.height) for each in readings),
        text="\n".join(text_of_page(each) for each in readings),
        extraction=await asyncio.to_thread(extract, readings, terminology, today),
        marks=marks_of(content) if media_type == PDF else None,
    )
