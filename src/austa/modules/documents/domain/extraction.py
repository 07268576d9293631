"""From the readings of a document's pages to its class, fields and what a person still has to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from austa.modules.documents.api import DocumentClass, Field, FieldName, Item, Procedure
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.classes import classify
from austa.modules.documents.domain.conditions import read_conditions
from austa.modules.documents.domain.fields import read_single_fields
from austa.modules.documents.domain.handwriting import is_filled_by_hand
from austa.modules.documents.domain.items import read_items
from austa.modules.documents.domain.layout import Layout
from austa.modules.documents.domain.payer import read_payer_and_provider
from austa.modules.documents.domain.procedures import read_procedures
from austa.modules.documents.domain.reading import PageReading, compact, text_of
from austa.modules.documents.domain.requester import read_requester
from austa.modules.documents.domain.statements import read_statements
from austa.modules.language.api.language import Terminology

_NEEDED: dict[DocumentClass, tuple[FieldName, ...]] = {
    "medical_order": ("member_name", "council_number", "council_uf", "issue_date"),
    "tiss_guide": ("member_name", "card_number", "council_number", "council_uf", "issue_date"),
    "insurance_card": ("member_name", "card_number"),
}
_ASKS_FOR_PROCEDURES = frozenset({"medical_order", "tiss_guide"})
_LEAST_TEXT = 40
"""Letters and digits below which a page says nothing."""
_LEGIBLE_SHARE = 0.55
_UNCERTAIN = 0.8

Outcome = Literal["complete", "confirm", "person"]


@dataclass(frozen=True)
class Extraction:
    """What a document says. `handwritten`: handwriting or illegible, so nothing in it is accepted."""

    document_class: DocumentClass
    class_confidence: float
    handwritten: bool
    fields: tuple[Field, ...]
    procedures: tuple[Procedure, ...]
    items: tuple[Item, ...]
    outcome: Outcome


def extract(pages: Sequence[PageReading], terminology: Terminology, today: date) -> Extraction:
    """Read class and fields of all pages. Deterministic; `today` is the local date the document came in."""
    text = "\n".join(text_of(page.lines) for page in pages)
    document_class, class_confidence = classify(text)
    layouts = [Layout(page) for page in pages]
    found = [
        *read_single_fields(layouts, document_class, today),
        *read_conditions(layouts, terminology),
        *read_requester(layouts, document_class),
        *read_payer_and_provider(layouts, document_class, today),
        *read_statements(layouts, document_class, today),
    ]
    procedures = read_procedures(layouts, terminology) if document_class in _ASKS_FOR_PROCEDURES else []
    items = read_items(layouts, document_class)
    illegible = is_filled_by_hand(pages) or not _is_legible(pages)
    if illegible:
        found = [_for_a_person(field) for field in found]
        procedures = [_procedure_for_a_person(procedure) for procedure in procedures]
        items = [item.model_copy(update={"parts": tuple(_for_a_person(part) for part in item.parts)}) for item in items]
    names = {field.name for field in found}
    found.extend(checks.missing(name) for name in _NEEDED.get(document_class, ()) if name not in names)
    return Extraction(
        document_class=document_class,
        class_confidence=class_confidence,
        handwritten=illegible,
        fields=tuple(found),
        procedures=tuple(procedures),
        items=tuple(items),
        outcome="person" if illegible else _outcome(document_class, found, procedures),
    )


def _is_legible(pages: Sequence[PageReading]) -> bool:
    """Two readers agree on print and differ on handwriting: most of the text must be read alike and surely."""
    total = sum(len(compact(line.text)) for page in pages for line in page.lines)
    sure = sum(
        len(compact(line.text))
        for page in pages
        for line in page.lines
        if line.confidence >= _UNCERTAIN and checks.agree_nearly(line.text, line.box, page)
    )
    return total >= _LEAST_TEXT and sure >= _LEGIBLE_SHARE * total


def _outcome(document_class: DocumentClass, fields: Sequence[Field], procedures: Sequence[Procedure]) -> Outcome:
    if document_class == "other" or (document_class in _ASKS_FOR_PROCEDURES and not procedures):
        return "person"
    lines = [each for item in procedures for each in (item.tuss or item.description, item.laterality, item.quantity)]
    needed = _NEEDED.get(document_class, ())
    doubtful = any(field.status == "confirm" or field.name in needed for field in fields if field.status != "accepted")
    return "confirm" if doubtful or any(each and each.status != "accepted" for each in lines) else "complete"


def _for_a_person(field: Field) -> Field:
    return checks.doubted(field, "legible") if field.status == "accepted" else field


def _procedure_for_a_person(procedure: Procedure) -> Procedure:
    return Procedure(
        description=_for_a_person(procedure.description),
        tuss=_for_a_person(procedure.tuss) if procedure.tuss else None,
        laterality=_for_a_person(procedure.laterality) if procedure.laterality else None,
        quantity=_for_a_person(procedure.quantity) if procedure.quantity else None,
    )
