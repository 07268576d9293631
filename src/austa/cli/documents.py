"""`austa documents`: what AUSTA reads in a file, without keeping it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from austa.bench.product import open_language
from austa.cli.command import AsJson, print_json, run, settings_for
from austa.kernel.clock import SystemClock, local_date
from austa.kernel.errors import Invalid
from austa.modules.documents.api import REFUSALS, Field, Procedure

if TYPE_CHECKING:
    from austa.modules.documents.service.reading import FileReading

app = typer.Typer(help="Read a document without keeping it.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="documents")


@app.callback()
def documents() -> None:
    """Read a document without keeping it."""


@app.command(epilog="Example: austa documents read order.jpg --json")
def read(
    file: Annotated[Path, typer.Argument(help="A photo or a PDF.", exists=True, dir_okay=False)],
    today: Annotated[
        datetime | None, typer.Option(help="The day it came in (default: today).", formats=["%Y-%m-%d"])
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Text, class, and every field with its value, checks, place and whether a decision may rest on it.

    No database is needed and nothing is kept. What is read is shown in clear.
    """
    reading = run(_read(file.read_bytes(), today))
    if as_json:
        print_json(_told(file, reading))
        return
    found = reading.extraction
    print(f"{found.document_class} ({found.class_confidence}), {len(reading.pages)} page(s), {found.outcome}")
    of_procedures = [each for procedure in found.procedures for each in _parts(procedure).values()]
    for field in (*found.fields, *of_procedures, *(each for item in found.items for each in item.parts)):
        if field:
            value = field.normal.reveal() if field.normal else "-"
            doubts = f", failed {', '.join(field.failed)}" if field.failed else ""
            print(f"  {field.name}: {value} [{field.status}, {field.confidence}{doubts}]")
    print(reading.text)


async def _read(content: bytes, today: datetime | None) -> "FileReading":
    # Imported when it is used: the other commands start without the readers' libraries.
    from austa.modules.documents.adapters.reader import FileRefused, PageReader
    from austa.modules.documents.service.reading import read_file

    settings = settings_for("documents", log_level="error")
    reader = PageReader(threads=settings.reader_threads, max_pages=settings.max_pages)
    day = today.date() if today else local_date(SystemClock().now())
    try:
        return await read_file(reader, open_language(), content, day, settings.max_upload_mb * 1024 * 1024)
    except FileRefused as refused:
        raise Invalid(refused.code, REFUSALS[refused.code]) from None
    finally:
        await reader.close()


def _told(file: Path, reading: "FileReading") -> dict[str, Any]:
    found = reading.extraction
    return {
        "file": file.name,
        "media_type": reading.media_type,
        "class": found.document_class,
        "class_confidence": found.class_confidence,
        "handwritten": found.handwritten,
        "outcome": found.outcome,
        "text": reading.text,
        "fields": [each.reveal_json() for each in found.fields],
        "procedures": [
            {name: field.reveal_json() if field else None for name, field in _parts(each).items()}
            for each in found.procedures
        ],
        "items": [
            {"kind": item.kind, **{part.name: part.reveal_json() for part in item.parts}} for item in found.items
        ],
        "pages": [page.model_dump() for page in reading.pages],
        "evidence": {"file_marks": reading.marks.model_dump() if reading.marks else None},
    }


def _parts(procedure: Procedure) -> dict[str, Field | None]:
    return {
        "description": procedure.description,
        "tuss": procedure.tuss,
        "laterality": procedure.laterality,
        "quantity": procedure.quantity,
    }
