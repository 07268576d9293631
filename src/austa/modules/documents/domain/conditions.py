"""CID-10 codes, where a letter is easily taken for a digit."""

import re
from collections.abc import Iterable, Sequence

from austa.modules.documents.api import Field
from austa.modules.documents.domain import checks
from austa.modules.documents.domain.checks import Checks, judge
from austa.modules.documents.domain.layout import Layout, Value
from austa.modules.documents.domain.reading import digits, fold
from austa.modules.language.api.language import Terminology

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
    unique = {
        checks.identity(field): field for field in sorted(found, key=lambda field: len(field.failed), reverse=True)
    }
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
                value = Value(line, explicit=False)
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
    made = made.add("complete_code", len(number) > 2 or not _has_subdivisions(code, terminology))
    made = made.add("two_readings", _condition_seen(code, value, layout))
    return judge("cid", match[0].strip(), code, value.line, made)


def _has_subdivisions(category: str, terminology: Terminology) -> bool:
    """A category that the table divides further was perhaps cut off: M23 may have been M23.2."""
    return any(terminology.get_condition(f"{category}.{digit}") for digit in range(10))


def _condition_seen(code: str, value: Value, layout: Layout) -> bool:
    """The letter must be the same in both readings; where only a digit can stand, O and 0 are one."""
    from_second = fold(layout.page.second_near(value.box))
    digits_seen = r"[.,\s]*".join(_SEEN_AS.get(digit, digit) for digit in digits(code))
    return bool(re.search(rf"(?<![a-z0-9]){code[0].lower()}{digits_seen}(?![a-z0-9])", from_second))
