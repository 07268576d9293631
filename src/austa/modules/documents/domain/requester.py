"""Who signed: name, council, state and number, from stamps, signature lines and labelled boxes."""

import re
from collections.abc import Iterable, Sequence

from austa.modules.documents.api import DocumentClass, Field, FieldName
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.labels import labels_of
from austa.modules.documents.domain.layout import Layout, Value, part
from austa.modules.documents.domain.names import find_name, judge_name, looks_like_a_name
from austa.modules.documents.domain.reading import Line, digits, fold

_UF = "|".join(sorted(checks.UFS)).lower()
_COUNCIL = re.compile(
    rf"(?<![a-z])(?P<council>c\.?r\.?m|coren|crefito|crefono|crfa|cro|crp|crn|crf|creme(?=(?:{_UF})\b))"
    rf"[\s\-/.:]*(?:\(?(?P<before>{_UF})\)?(?![a-z])[\s\-/.:]*)?(?:n[o0º°.]{{1,2}}[\s:.]*)?"
    rf"(?P<number>\d{{2}}[.\-]?\d{{4,6}}-\d|\d{{1,3}}(?:\.\d{{3}})+|\d{{3,8}})(?!\d)"
    rf"(?:[\s\-/,]*\(?(?P<after>{_UF})(?![a-z]))?"
)
_NOT_THE_REQUESTER = re.compile(r"(?:resp(?:onsavel|\.)?|diretor[a]?) ?(?:tecnic[oa]|tec\.)|\brt\b")
_REPORTS: frozenset[DocumentClass] = frozenset({"lab_report", "imaging_report"})
_TITLE = re.compile(r"\b(?:dr(?:\(a\)|a)?\.?|[bo]ra?\.)\s")


def read_requester(layouts: Sequence[Layout], document_class: DocumentClass) -> list[Field]:
    """Name, council, state and number of who signed: read from stamps, signature lines and labelled boxes.

    Who signs a report is not who asked for the examination.
    """
    named = _reporters(layouts) if document_class in _REPORTS else _named(layouts)
    found = [registration for layout in layouts for registration in _registrations(layout)]
    if not found and document_class == "lab_report":
        # Where nobody else signs, who answers for the laboratory does.
        found = [each for layout in layouts for each in _registrations(layout, technical=True)]
    if not found:
        return [field for layout in layouts for field in _labelled_registration(layout)] + named
    numbers = {field.normal for registration in found for field in registration if field.name == "council_number"}
    # Stamps and signatures stand at the foot; a letterhead's registration stands above.
    chosen = found[-1]
    if len(numbers) > 1:
        chosen = [checks.doubted(field, "ambiguous") for field in chosen]
    return chosen + named


def _registrations(layout: Layout, *, technical: bool = False) -> Iterable[list[Field]]:
    for row in layout.rows:
        for line in row:
            folded = fold(line.text)
            for match in () if _NOT_THE_REQUESTER.search(folded) and not technical else _COUNCIL.finditer(folded):
                piece = part(line, match.start(), match.end())
                if piece:
                    yield _registration(layout, Value(piece, explicit=True), match)


def _registration(layout: Layout, value: Value, match: re.Match[str]) -> list[Field]:
    council = "CRM" if match["council"] in {"creme", "c.r.m"} else match["council"].upper()
    number = digits(match["number"])
    uf = (match["before"] or match["after"] or "").upper()
    agreed = Checks().add("two_readings", checks.agree(value.text, value.box, layout.page))
    fields = [
        judge("council", council, council, value.line, agreed),
        judge("council_number", number, number, value.line, agreed.add("format", checks.is_council_number(number))),
    ]
    if uf:
        one_state = not (match["before"] and match["after"]) or match["before"] == match["after"]
        fields.append(judge("council_uf", uf, uf, value.line, agreed.add("one_state", one_state)))
    else:
        fields.extend(field for field in _labelled_states(layout) if _on_one_row(field, value))
    return fields


def _on_one_row(field: Field, value: Value) -> bool:
    return field.box is not None and field.box.y0 < value.line.middle < field.box.y1


def _labelled_registration(layout: Layout) -> Iterable[Field]:
    """Forms print council, number and state in boxes of their own."""
    for value in layout.values("council"):
        agreed = Checks(("label",)).add("two_readings", checks.agree(value.text, value.box, layout.page))
        text = value.text.upper()
        if text.isdecimal():
            yield judge("council_number", text, text, value.line, agreed.add("format", checks.is_council_number(text)))
        elif text in {"CRM", "COREN", "CRO", "CREFITO", "CRP", "CRN", "CRFA", "CRF"}:
            yield judge("council", text, text, value.line, agreed)
    yield from _labelled_states(layout)


def _labelled_states(layout: Layout) -> Iterable[Field]:
    for value in layout.values("council_uf"):
        if value.explicit and value.text.upper() in checks.UFS:
            agreed = Checks(("label",)).add("two_readings", checks.agree(value.text, value.box, layout.page))
            yield judge("council_uf", value.text, value.text.upper(), value.line, agreed)


def _named(layouts: Sequence[Layout]) -> list[Field]:
    candidates = [field for layout in layouts for field in _requester_names(layout)]
    chosen = checks.choose(candidates)
    return [chosen] if chosen else []


def _reporters(layouts: Sequence[Layout]) -> list[Field]:
    signed = [_judged("reporting_physician", layout, value) for layout in layouts for value in _signers(layout)]
    asked = [
        _judged("requester_name", layout, value) for layout in layouts for value in layout.values("requester_name")
    ]
    chosen = (checks.choose([field for field in fields if field]) for fields in (signed, asked))
    return [field for field in chosen if field]


def _signers(layout: Layout) -> Iterable[Value]:
    yield from layout.values("reporting_physician")
    signed = list(_beside_registration(layout))
    yield from signed or _beside_registration(layout, technical=True)


def _requester_names(layout: Layout) -> Iterable[Field]:
    for value in (*layout.values("requester_name"), *_beside_registration(layout)):
        field = _judged("requester_name", layout, value)
        if field:
            yield field


def _judged(name: FieldName, layout: Layout, value: Value) -> Field | None:
    field = judge_name(name, layout, value)
    if field is None or "looks_like_a_name" not in field.passed:
        return None
    # Without title and label it may be a house's name or a street's.
    return field if value.explicit else checks.doubted(field, "title")


def _beside_registration(layout: Layout, *, technical: bool = False) -> Iterable[Value]:
    """A physician's name stands before the registration on its line, or on one of the three rows above it."""
    for row_number, row in enumerate(layout.rows):
        for line in row:
            folded = fold(line.text)
            other = _NOT_THE_REQUESTER.search(folded) and not technical
            match = None if other else _COUNCIL.search(folded)
            if match is None:
                continue
            before = part(line, 0, match.start())
            above = [each for near in layout.rows[max(0, row_number - 3) : row_number] for each in near]
            near = [each for each in above if _overlaps(each.box.x0, each.box.x1, line.box.x0, line.box.x1)]
            named = [each for each in (*near, before) if each and _may_name_the_requester(each)]
            titled = [each for each in named if _TITLE.search(fold(each.text) + " ")]
            for each in (titled or named)[-1:]:
                yield Value(each, explicit=bool(titled))


def _may_name_the_requester(line: Line) -> bool:
    found = find_name(line.text)
    return found is not None and looks_like_a_name(found[0]) and not labels_of(line.text)


def _overlaps(a0: float, a1: float, b0: float, b1: float) -> bool:
    return min(a1, b1) > max(a0, b0)
