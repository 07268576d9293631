"""What is truly printed on a document: `NAME.json` beside `NAME.jpg`, `.png`, `.pdf` or any other file of that name."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal

import pydantic

from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid
from austa.modules.documents.api import DocumentClass

Quality = Literal["scan", "photo", "hard", "pdf"]


class Label(Contract, extra="ignore"):
    """The truth of one document.

    `text`: printed text in reading order, table rows cell by cell, check boxes as [X] and [ ]. `fields`: names of
    `scoring`; what is not printed is left out. Dates are ISO 8601, amounts are numbers, identifiers are bare digits.
    """

    document_class: DocumentClass = pydantic.Field(alias="class")
    quality: Quality
    handwritten: bool = False
    text: str = ""
    fields: dict[str, Any] = pydantic.Field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """A document and its label."""

    file: Path
    label: Label


def read_pairs(folder: Path, only: str | None = None, limit: int | None = None) -> Sequence[Pair]:
    """The labelled documents of a folder and the folders in it, by name; `only` is a pattern of names (`*-photo*`).

    JSON files without a document beside them are left alone.
    Errors: `bench.no_documents`, `bench.bad_label` (it names file and field, never the value), both Invalid.
    """
    found = []
    for told in sorted(folder.rglob("*.json")):
        beside = sorted(each for each in told.parent.glob(f"{_literal(told.stem)}.*") if each.suffix != ".json")
        if beside and fnmatch(beside[0].name, only or "*"):
            found.append((beside[0], told))
    if not found:
        raise Invalid("bench.no_documents", f"{folder} holds no document with a label beside it (NAME.jpg, NAME.json)")
    return [Pair(file, _label(told)) for file, told in found[:limit]]


def _label(path: Path) -> Label:
    try:
        return Label.model_validate_json(path.read_bytes())
    except pydantic.ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the label"
        raise Invalid("bench.bad_label", f"{path.name}: {where}: {first['msg']}") from None


def write_label(path: Path, label: Label) -> None:
    """As `read_pairs` reads it."""
    path.write_text(json.dumps(label.model_dump(by_alias=True), ensure_ascii=False, indent=1) + "\n", "utf-8")


def _literal(stem: str) -> str:
    """A name as a pattern that only it fits."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in stem)
