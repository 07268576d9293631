"""What AUSTA says of a document, under the names of the labels.

A field whose name is a label's needs nothing here; parts of a list's entries are told apart below.
"""

from collections.abc import Iterator, Mapping

from austa.bench.documents.scoring import LISTS, Entry, Got, Reported
from austa.modules.documents.api import Field, FieldName, ItemKind, Procedure
from austa.modules.documents.domain.extraction import Extraction

_LISTS: Mapping[ItemKind, str] = {"medicine": "medicines", "lab_value": "lab_values", "opme_item": "opme_items"}
_NAMES: Mapping[FieldName, str] = {"medicine": "name", "result": "value", "material": "description"}


def reported_of(text: str, found: Extraction) -> Reported:
    """Class, text and values of a reading. A field without a value says nothing."""
    single: dict[str, list[Got]] = {}
    lists: dict[str, list[Entry]] = {"procedures": [dict(_parts(procedure)) for procedure in found.procedures]}
    for item in found.items:
        entry = {_NAMES.get(part.name, part.name): got for part in item.parts if (got := _got(part))}
        lists.setdefault(_LISTS[item.kind], []).append(entry)
    for field in found.fields:
        got = _got(field)
        if got and field.name in LISTS:
            lists.setdefault(field.name, []).append({field.name: got})
        elif got:
            single.setdefault(field.name, []).append(got)
    return Reported(document_class=found.document_class, text=text, single=single, lists=lists)


def _parts(procedure: Procedure) -> Iterator[tuple[str, Got]]:
    parts: Mapping[str, Field | None] = {
        "description": procedure.description,
        "tuss": procedure.tuss,
        "laterality": procedure.laterality,
        "quantity": procedure.quantity,
    }
    for name, field in parts.items():
        got = _got(field) if field else None
        if got:
            yield name, got


def _got(field: Field) -> Got | None:
    if field.normal is None:
        return None
    return Got(field.normal.reveal(), accepted=field.status == "accepted")
