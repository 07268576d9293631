"""Who, when and why: the single facts of a document, each with its proof."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from austa.modules.documents.api import Field, FieldName
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.labels import labels_of
from austa.modules.documents.domain.layout import GAP_IN_A_PARAGRAPH, Layout, Value, part
from austa.modules.documents.domain.reading import Line, around, digits, fold, squeeze
from austa.modules.language.api import Terminology

_NAME = re.compile(
    r"(?:(?:dra?|sra?|sr\(a\))\.?\s+)?([^\W\d_][^\W\d_.'\-]*\.?(?:[\s'\-]+[^\W\d_][^\W\d_'\-]*\.?)+)", re.IGNORECASE
)
_DIGIT_RUN = re.compile(r"\d[\d .\-/]{4,30}\d")
_LONG_RUN = re.compile(r"[\dA-Za-z]*\d[\dOoIl .\-/]{5,30}[\dOoIl]")
_CPF = re.compile(r"(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)")
_CITY_AND_DATE = re.compile(r"^[^\W\d_][\w\s.'-]{2,40}(?:[,/-]\s*[a-z]{2})?\s*,?\s*(?:em\s+)?\d")
_OTHER_DATES = re.compile(r"nasc|validade|valid[ao] ate|d\.?n\.?\b|retorno|desde|trauma|cirurgia em")


def read_single_fields(layouts: Sequence[Layout], today: date) -> list[Field]:
    """Member, numbers, dates and indication; at most one field of a name."""
    readers: tuple[tuple[FieldName, Callable[[Layout], Iterable[Field]]], ...] = (
        ("member_name", _member_names),
        ("card_number", _card_numbers),
        ("cpf", _cpfs),
        ("cns", _cns_numbers),
        ("birth_date", lambda layout: _birth_dates(layout, today)),
        ("indication", _indications),
        ("issue_date", lambda layout: _issue_dates(layout, today)),
    )
    chosen = (choose([field for layout in layouts for field in read(layout)]) for _, read in readers)
    return [field for field in chosen if field]


def choose(candidates: Sequence[Field]) -> Field | None:
    """The best of several candidates for one fact. Two different accepted ones are both in doubt."""
    if not candidates:
        return None
    best = min(candidates, key=lambda field: (field.status != "accepted", len(field.failed), -field.confidence))
    rivals = {_identity(field) for field in candidates if len(field.failed) <= len(best.failed)}
    return checks.doubted(best, "ambiguous") if len(rivals) > 1 else best


def _identity(field: Field) -> str:
    return fold(field.normal.reveal()) if field.normal else ""


def find_name(text: str) -> tuple[str, int, int] | None:
    """The first name of a person in a text, without title, and where it stands."""
    match = _NAME.search(text)
    return (squeeze(match[1]), match.start(1), match.end(1)) if match else None


def judge_name(name: FieldName, layout: Layout, value: Value) -> Field | None:
    """A person's name at a place, or None when there is no text like a name."""
    found = find_name(value.text)
    if found is None:
        return None
    printed = found[0]
    made = Checks(passed=("label",) if value.explicit else ())
    made = made.add("looks_like_a_name", checks.looks_like_a_name(printed))
    made = made.add("two_readings", checks.agree(printed, value.box, layout.page))
    return judge(name, printed, printed, value, made)


def _member_names(layout: Layout) -> Iterable[Field]:
    for value in layout.values("member_name"):
        field = judge_name("member_name", layout, value)
        if field:
            yield field


def _card_numbers(layout: Layout) -> Iterable[Field]:
    for value in layout.values("card_number"):
        match = _LONG_RUN.search(value.text)
        if match:
            number = digits(match[0])
            made = Checks(passed=("label",)).add("length", checks.is_card_number(number))
            made = made.add("digits_only", not any(character.isalpha() for character in match[0]))
            made = made.add("two_readings", checks.agree(match[0], value.box, layout.page))
            yield judge("card_number", squeeze(match[0]), number, value, made)


def _cpfs(layout: Layout) -> Iterable[Field]:
    labelled = [_numbered("cpf", layout, value, checks.is_cpf) for value in layout.values("cpf")]
    yield from (field for field in labelled if field)
    if not any(labelled):
        for line in layout.page.lines:
            for match in _CPF.finditer(line.text):
                piece = part(line, match.start(), match.end())
                if piece:
                    value = Value(piece.text, piece.box, piece.confidence, explicit=False)
                    field = _numbered("cpf", layout, value, checks.is_cpf)
                    # Without its label it may be the physician's.
                    yield from [checks.doubted(field, "label")] if field else []


def _cns_numbers(layout: Layout) -> Iterable[Field]:
    fields = (_numbered("cns", layout, value, checks.is_cns) for value in layout.values("cns"))
    return [field for field in fields if field]


def _numbered(name: FieldName, layout: Layout, value: Value, is_right: Callable[[str], bool]) -> Field | None:
    match = _DIGIT_RUN.search(value.text)
    if match is None:
        return None
    number = digits(match[0])
    made = Checks().add("check_digit", is_right(number))
    made = made.add("two_readings", checks.agree(match[0], value.box, layout.page))
    return judge(name, match[0], number, value, made)


def _birth_dates(layout: Layout, today: date) -> Iterable[Field]:
    for value in layout.values("birth_date"):
        for day, start, end in checks.dates_in(value.text)[:1]:
            printed = squeeze(value.text[start:end])
            made = Checks(passed=("label",)).add("plausible", checks.is_plausible_birth(day, today))
            made = made.add("two_readings", checks.agree(printed, value.box, layout.page))
            yield judge("birth_date", printed, day.isoformat(), value, made)


def _issue_dates(layout: Layout, today: date) -> Iterable[Field]:
    strong: list[Field] = []
    weak: list[Field] = []
    for value in layout.values("issue_date"):
        strong.extend(_issued(layout, value, today, labelled=True))
    for line in layout.page.lines:
        folded = fold(line.text)
        if layout.label_at_start(line) == "issue_date" or _OTHER_DATES.search(folded):
            continue
        value = Value(line.text, line.box, line.confidence, explicit=False)
        if layout.label_at_start(line) is None and _CITY_AND_DATE.match(folded):
            strong.extend(_issued(layout, value, today, labelled=True))
        else:
            weak.extend(_issued(layout, value, today, labelled=False))
    return strong or weak


def _issued(layout: Layout, value: Value, today: date, labelled: bool) -> Iterable[Field]:
    for day, start, end in checks.dates_in(value.text):
        printed = squeeze(value.text[start:end])
        made = Checks().add("label", labelled).add("plausible", checks.is_plausible_issue(day, today))
        made = made.add("two_readings", checks.agree(printed, value.box, layout.page))
        yield judge("issue_date", printed, day.isoformat(), value, made)


def _indications(layout: Layout) -> Iterable[Field]:
    values = layout.values("indication")
    if not values:
        return
    rows = layout.section("indication", GAP_IN_A_PARAGRAPH)
    lines = [line for row in rows for line in row] if rows else []
    first = values[0]
    text = squeeze(" ".join(line.text for line in lines)) if lines else first.text
    box = around(line.box for line in lines) if lines else first.box
    confidence = min([line.confidence for line in lines], default=first.confidence)
    if len(text) < 3:
        return
    agreed = (
        all(checks.agree_nearly(line.text, line.box, layout.page) for line in lines)
        if lines
        else checks.agree_nearly(text, box, layout.page)
    )
    made = Checks(passed=("label",)).add("two_readings", agreed)
    yield judge("indication", text, text, Value(text, box, confidence, explicit=True), made)


# CID-10 -----------------------------------------------------------------------------------------------------

_CID_TOKEN = re.compile(
    r"(?<![A-Za-z0-9.])([A-Za-z0-9|!])([0-9OQIlSBZ]{2})(?:[.,]\s?|\s(?=[0-9]\b))?([0-9OQIlSBZX])?(?![A-Za-z0-9])"
)
_BARE_CID = re.compile(r"(?<![A-Za-z0-9])[A-Z]\d{2}\.\d(?![A-Za-z0-9])")
_AS_DIGIT = str.maketrans("OQIlSBZ", "0011582")
_AS_LETTER = {"1": "I", "|": "I", "!": "I", "l": "I", "0": "O", "5": "S", "8": "B", "2": "Z", "6": "G"}
_SEEN_AS = {"0": "[0oq]", "1": "[1il]", "5": "[5s]", "8": "[8b]", "2": "[2z]"}


def read_conditions(layouts: Sequence[Layout], terminology: Terminology) -> list[Field]:
    """Every CID-10 code, the most certain first. Unlabelled ones only where there is no labelled one."""
    labelled = [field for layout in layouts for field in _labelled_conditions(layout, terminology)]
    found = labelled or [field for layout in layouts for field in _bare_conditions(layout, terminology)]
    unique = {_identity(field): field for field in sorted(found, key=lambda field: len(field.failed), reverse=True)}
    return sorted(unique.values(), key=lambda field: (field.status != "accepted", -field.confidence))


def _labelled_conditions(layout: Layout, terminology: Terminology) -> Iterable[Field]:
    for value in layout.values("cid"):
        for match in _CID_TOKEN.finditer(value.text):
            yield _condition(layout, value, match, terminology)


def _bare_conditions(layout: Layout, terminology: Terminology) -> Iterable[Field]:
    for line in layout.page.lines:
        for bare in _BARE_CID.finditer(line.text):
            match = _CID_TOKEN.match(line.text, bare.start())
            if match:
                value = Value(line.text, line.box, line.confidence, explicit=False)
                yield checks.doubted(_condition(layout, value, match, terminology), "label")


def _condition(layout: Layout, value: Value, match: re.Match[str], terminology: Terminology) -> Field:
    printed_letter, two, last = match[1], match[2], match[3] or ""
    letter = _AS_LETTER.get(printed_letter, printed_letter.upper())
    number = two.translate(_AS_DIGIT) + last.translate(_AS_DIGIT)
    code = letter + number[:2] + (f".{number[2]}" if len(number) > 2 else "")
    # Every reader reads I50.0 as 150.0 now and then: a repaired character is for a person to confirm.
    repaired = letter != printed_letter or number != two + last
    made = Checks().add("no_letter_digit_confusion", not repaired)
    made = made.add("format", checks.is_cid(code))
    made = made.add("in_table", terminology.get_condition(code) is not None)
    made = made.add("two_readings", _condition_seen(code, value, layout))
    return judge("cid", match[0].strip(), code, value, made)


def _condition_seen(code: str, value: Value, layout: Layout) -> bool:
    """The letter must be the same in both readings; where only a digit can stand, O and 0 are one."""
    from_second = fold(layout.page.second_near(value.box))
    digits_seen = r"[.,\s]*".join(_SEEN_AS.get(digit, digit) for digit in digits(code))
    return bool(re.search(rf"(?<![a-z0-9]){code[0].lower()}{digits_seen}(?![a-z0-9])", from_second))


# Requester --------------------------------------------------------------------------------------------------

_UF = "|".join(sorted(checks.UFS)).lower()
_COUNCIL = re.compile(
    rf"(?<![a-z])(?P<council>c\.?r\.?m|coren|crefito|crefono|crfa|cro|crp|crn|crf|creme(?=(?:{_UF})\b))"
    rf"[\s\-/.:]*(?:\(?(?P<before>{_UF})\)?(?![a-z])[\s\-/.:]*)?(?:n[o0º°.]{{1,2}}[\s:.]*)?"
    rf"(?P<number>\d{{2}}[.\-]?\d{{4,6}}-\d|\d{{1,3}}(?:\.\d{{3}})+|\d{{3,8}})(?!\d)"
    rf"(?:[\s\-/,]*\(?(?P<after>{_UF})(?![a-z]))?"
)
_NOT_THE_REQUESTER = re.compile(r"(?:resp(?:onsavel|\.)?|diretor[a]?) ?(?:tecnic[oa]|tec\.)|\brt\b")
_TITLE = re.compile(r"\bdr(?:\(a\)|a)?\.?\s")


def read_requester(layouts: Sequence[Layout]) -> list[Field]:
    """Name, council, state and number of who signed: read from stamps, signature lines and labelled boxes."""
    found = [registration for layout in layouts for registration in _registrations(layout)]
    if not found:
        return [field for layout in layouts for field in _labelled_registration(layout)] + _named(layouts)
    numbers = {field.normal for registration in found for field in registration if field.name == "council_number"}
    # Stamps and signatures stand at the foot; a letterhead's registration stands above.
    chosen = found[-1]
    if len(numbers) > 1:
        chosen = [checks.doubted(field, "ambiguous") for field in chosen]
    return chosen + _named(layouts)


def _registrations(layout: Layout) -> Iterable[list[Field]]:
    for row in layout.rows:
        for line in row:
            folded = fold(line.text)
            for match in () if _NOT_THE_REQUESTER.search(folded) else _COUNCIL.finditer(folded):
                piece = part(line, match.start(), match.end())
                if piece:
                    yield _registration(layout, Value(piece.text, piece.box, line.confidence, True), match)


def _registration(layout: Layout, value: Value, match: re.Match[str]) -> list[Field]:
    council = "CRM" if match["council"] in {"creme", "c.r.m"} else match["council"].upper()
    number = digits(match["number"])
    uf = (match["before"] or match["after"] or "").upper()
    agreed = Checks().add("two_readings", checks.agree(value.text, value.box, layout.page))
    fields = [
        judge("council", council, council, value, agreed),
        judge("council_number", number, number, value, agreed.add("format", checks.is_council_number(number))),
    ]
    if uf:
        one_state = not (match["before"] and match["after"]) or match["before"] == match["after"]
        fields.append(judge("council_uf", uf, uf, value, agreed.add("one_state", one_state)))
    return fields


def _labelled_registration(layout: Layout) -> Iterable[Field]:
    """Forms print council, number and state in boxes of their own."""
    for value in layout.values("council"):
        agreed = Checks(("label",)).add("two_readings", checks.agree(value.text, value.box, layout.page))
        text = value.text.upper()
        if text.isdecimal():
            yield judge("council_number", text, text, value, agreed.add("format", checks.is_council_number(text)))
        elif text in {"CRM", "COREN", "CRO", "CREFITO", "CRP", "CRN", "CRFA", "CRF"}:
            yield judge("council", text, text, value, agreed)
    for value in layout.values("council_uf"):
        if value.explicit and value.text.upper() in checks.UFS:
            agreed = Checks(("label",)).add("two_readings", checks.agree(value.text, value.box, layout.page))
            yield judge("council_uf", value.text, value.text.upper(), value, agreed)


def _named(layouts: Sequence[Layout]) -> list[Field]:
    candidates = [field for layout in layouts for field in _requester_names(layout)]
    chosen = choose(candidates)
    return [chosen] if chosen else []


def _requester_names(layout: Layout) -> Iterable[Field]:
    for value in (*layout.values("requester_name"), *_beside_registration(layout)):
        field = judge_name("requester_name", layout, value)
        if field and "looks_like_a_name" in field.passed:
            # Without title and label it may be a house's name or a street's.
            yield field if value.explicit else checks.doubted(field, "title")


def _beside_registration(layout: Layout) -> Iterable[Value]:
    """A physician's name stands before the registration on its line, or on one of the three rows above it."""
    for row_number, row in enumerate(layout.rows):
        for line in row:
            folded = fold(line.text)
            match = None if _NOT_THE_REQUESTER.search(folded) else _COUNCIL.search(folded)
            if match is None:
                continue
            before = part(line, 0, match.start())
            above = [each for near in layout.rows[max(0, row_number - 3) : row_number] for each in near]
            near = [each for each in above if _overlaps(each.box.x0, each.box.x1, line.box.x0, line.box.x1)]
            named = [each for each in (*near, before) if each and _may_name_the_requester(each)]
            titled = [each for each in named if _TITLE.search(fold(each.text) + " ")]
            for each in (titled or named)[-1:]:
                yield Value(each.text, each.box, each.confidence, explicit=bool(titled))


def _may_name_the_requester(line: Line) -> bool:
    found = find_name(line.text)
    return found is not None and checks.looks_like_a_name(found[0]) and not labels_of(line.text)


def _overlaps(a0: float, a1: float, b0: float, b1: float) -> bool:
    return min(a1, b1) > max(a0, b0)
