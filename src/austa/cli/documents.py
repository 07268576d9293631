"""`austa documents`: what AUSTA reads in files, without keeping it."""

import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from austa.bench.product import open_language
from austa.cli.command import AsJson, print_json, run, settings_for
from austa.kernel.clock import SystemClock, local_date
from austa.kernel.errors import Invalid, Unavailable
from austa.modules.documents.api import REFUSALS, Field, Procedure

if TYPE_CHECKING:
    from austa.modules.documents.service.reading import FileReading

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".heif", ".pdf"})

app = typer.Typer(help="Read documents without keeping them.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="documents")


@app.callback()
def documents() -> None:
    """Read documents without keeping them."""


@app.command(epilog="Example: austa documents read papers --json > papers.jsonl")
def read(
    paths: Annotated[list[Path], typer.Argument(help="Photos and PDFs, or folders of them.", exists=True)],
    today: Annotated[
        datetime | None, typer.Option(help="The day they came in (default: today).", formats=["%Y-%m-%d"])
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Text, class, and every field with its value, checks, place and whether a decision may rest on it.

    Of several files, or a folder, how far it is stands on standard error; with --json there is one document a line, for
    a file that cannot be read with `refused` and why; then the exit code is 1. No database is needed and nothing is
    kept. What is read is shown in clear.
    """
    files = [file for path in paths for file in _files(path)]
    if len(files) == 1 and not paths[0].is_dir():
        _show(files[0], run(_read_one(files[0], today)), as_json)
    elif run(_read_all(files, today, as_json)):
        raise typer.Exit(1)


def _files(path: Path) -> list[Path]:
    """Of a folder what may be papers, in the order of their names; labels beside them are not."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in _SUFFIXES)


def _show(file: Path, reading: "FileReading", as_json: bool) -> None:
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


async def _read_one(file: Path, today: datetime | None) -> "FileReading":
    from austa.modules.documents.adapters.reader import FileRefused

    async with _reading(today) as read:
        try:
            return await read(file)
        except FileRefused as refused:
            raise Invalid(refused.code, REFUSALS[refused.code]) from None


async def _read_all(files: Sequence[Path], today: datetime | None, as_json: bool) -> int:
    """Read one after another, each shown as soon as it is read. How many could not be."""
    from austa.modules.documents.adapters.reader import FileRefused

    refused, pages, started = 0, 0, time.monotonic()
    async with _reading(today) as read:
        for number, file in enumerate(files, start=1):
            try:
                reading = await read(file)
                pages += len(reading.pages)
                said: str = reading.extraction.document_class
                told = _told(file, reading)
            except (FileRefused, Unavailable) as failure:
                refused += 1
                said = failure.code
                told = {"file": file.name, "refused": failure.code, "sentence": REFUSALS.get(failure.code)}
            if as_json:
                print(json.dumps(told, ensure_ascii=False, default=str), flush=True)
            else:
                print(f"{file}: {said}", flush=True)
            left = (time.monotonic() - started) / number * (len(files) - number)
            print(f"{number}/{len(files)} {file.name}: {said}, {_minutes(left)} left", file=sys.stderr, flush=True)
    spent = time.monotonic() - started
    seconds = f", {spent / pages:.1f} s a page" if pages else ""
    print(f"{len(files) - refused} read, {refused} not, {pages} pages{seconds}", file=sys.stderr)
    return refused


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


@asynccontextmanager
async def _reading(today: datetime | None) -> "AsyncIterator[Callable[[Path], Awaitable[FileReading]]]":
    """What reads a file, in one child for all of them."""
    # Imported when it is used: the other commands start without the readers' libraries.
    from austa.modules.documents.adapters.reader import PageReader
    from austa.modules.documents.service.reading import read_file

    settings = settings_for("documents", log_level="error")
    reader = PageReader(threads=settings.reader_threads, max_pages=settings.max_pages)
    day = today.date() if today else local_date(SystemClock().now())
    language, most = open_language(), settings.max_upload_mb * 1024 * 1024
    try:
        yield lambda file: read_file(reader, language, file.read_bytes(), day, most)
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
