"""The checks that a value must pass before anybody rests on it. Identifiers: domain-br section 4."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rapidfuzz import fuzz
from validate_docbr import CNPJ, CNS, CPF

from austa.kernel.personal import Personal
from austa.modules.documents.api import Box, Field, FieldName
from austa.modules.documents.domain.handwriting import SURELY_BY_HAND
from austa.modules.documents.domain.reading import Line, PageReading, compact, fold

MIN_CONFIDENCE = 0.88
"""Below it a line goes to a person. On rendered photos misread lines lie under it, or the readings differ."""
_EDGE = 0.008
MAX_AGE = timedelta(days=365)
"""An older order is asked about; whether it still holds is the authorization rules' business."""
MIN_CARD_DIGITS = 8
MAX_CARD_DIGITS = 20  # TISS numeroCarteira: text of at most 20

_UNSURE = frozenset({"two_readings", "confidence", "not_covered", "not_cut_off", "whole"})
"""What such a value fails is how it was read, not what it is: it contradicts a better one."""
_SAME_READ_BADLY = 80

# fmt: off
UFS = frozenset((
    "AC", "AL", "AP", "AM", "BA", "CE", "DF", "ES", "GO", "MA", "MT", "MS", "MG", "PA", "PB", "PR", "PE",
    "PI", "RJ", "RN", "RS", "RO", "RR", "SC", "SP", "SE", "TO",
))
MONTHS = (
    "janeiro", "fevereiro", "marco", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)
# fmt: on
_AMOUNT = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+,\d{2}|\d+,\d{2})(?![\d,.]*\d)")
_CID = re.compile(r"[A-Z]\d{2}\.?[0-9X]?")
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})(?!\d)")
_WRITTEN_DATE = re.compile(rf"(?<!\d)(\d{{1,2}})\s*(?:o|º)?\s*de\s*({'|'.join(MONTHS)})\s*(?:de|/)?\s*(\d{{4}})")


@dataclass(frozen=True)
class Checks:
    """Outcomes of the checks of one value."""

    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    def add(self, name: str, outcome: bool) -> "Checks":
        """The same with one more outcome."""
        if outcome:
            return Checks((*self.passed, name), self.failed)
        return Checks(self.passed, (*self.failed, name))


def judge(name: FieldName, printed: str, normal: str, where: Line, checks: Checks) -> Field:
    """The only place where a value becomes `accepted`: every check passed and the reading was confident."""
    checks = checks.add("confidence", where.confidence >= MIN_CONFIDENCE)
    checks = checks.add("not_cut_off", _is_whole(where.box)).add("not_covered", where.clear)
    checks = checks.add("in_print", (where.hand or 0.0) < SURELY_BY_HAND)
    return Field(
        name=name,
        value=Personal(printed),
        normal=Personal(normal),
        box=where.box,
        confidence=round(where.confidence, 3),
        passed=checks.passed,
        failed=checks.failed,
        status="confirm" if checks.failed else "accepted",
    )


def _is_whole(box: Box) -> bool:
    """What touches the edge of the picture may go on beyond it."""
    return min(box.x0, box.y0) >= _EDGE and max(box.x1, box.y1) <= 1 - _EDGE


def missing(name: FieldName) -> Field:
    """A field that its document should have and that could not be read."""
    return Field(
        name=name,
        value=None,
        normal=None,
        box=None,
        confidence=0.0,
        passed=(),
        failed=(),
        status="unreadable",
    )


def doubted(field: Field, reason: str) -> Field:
    """The same field with a failed check: a person must confirm it."""
    return field.model_copy(update={"failed": (*field.failed, reason), "status": "confirm"})


def choose(candidates: Sequence[Field]) -> Field | None:
    """The best of several candidates for one fact. Two different accepted ones are both in doubt."""
    if not candidates:
        return None
    best = min(candidates, key=lambda field: (field.status != "accepted", len(field.failed), -field.confidence))
    rivals = [
        field for field in candidates if len(field.failed) <= len(best.failed) or _UNSURE.issuperset(field.failed)
    ]
    return doubted(best, "ambiguous") if any(_differ(field, best) for field in rivals) else best


def _differ(field: Field, best: Field) -> bool:
    """Another value; one that was read badly differs only if it is far from being the same."""
    one, other = identity(field), identity(best)
    return one != other and (not field.failed or fuzz.ratio(one, other) < _SAME_READ_BADLY)


def identity(field: Field) -> str:
    """What makes two readings of a fact the same."""
    return fold(field.normal.reveal()) if field.normal else ""


def agree(printed: str, box: Box, page: PageReading) -> bool:
    """True when the second reading has the same characters at the same place."""
    wanted = compact(printed)
    return bool(wanted) and wanted in compact(page.second_near(box))


def agree_exactly(printed: str, box: Box, page: PageReading) -> bool:
    """For numbers: the second reading has the same digits, commas and points at the same place, and no digit beside."""
    wanted = re.escape("".join(fold(printed).split()))
    seen = "|".join("".join(fold(line.text).split()) for line in page.second_at(box))
    return bool(wanted) and re.search(rf"(?<!\d)(?<!\d[.,]){wanted}(?![.,]?\d)", seen) is not None


def agree_nearly(printed: str, box: Box, page: PageReading) -> bool:
    """For free text: at most one character in twenty differs between the two readings."""
    wanted = compact(printed)
    return len(wanted) > 2 and fuzz.partial_ratio(wanted, compact(page.second_near(box))) >= 95


def is_cpf(number: str) -> bool:
    """Eleven digits with both check digits right, not all equal."""
    return bool(CPF().validate(number))


def is_cns(number: str) -> bool:
    """Fifteen digits with the check sum right."""
    return bool(CNS().validate(number))


def is_cnpj(number: str) -> bool:
    """Fourteen characters with both check digits right; since July 2026 letters too (IN RFB 2.229/2024)."""
    return bool(CNPJ().validate(number)) and len(set(number)) > 1


def is_card_number(number: str) -> bool:
    """A card number has no check digit that holds for all operators: only its length can be checked."""
    return MIN_CARD_DIGITS <= len(number) <= MAX_CARD_DIGITS


def is_cid(code: str) -> bool:
    """The shape of a CID-10 code, with or without the dot."""
    return bool(_CID.fullmatch(code))


def is_council_number(number: str) -> bool:
    """Registrations have four to seven digits; shorter and longer ones exist, and are asked about."""
    return 4 <= len(number) <= 7 and not number.startswith("0000")


def is_plausible_end(day: date, today: date) -> bool:
    """Of a card, a quote or an authorization: within ten years of today."""
    return abs((day - today).days) <= 3653


def is_plausible_birth(day: date, today: date) -> bool:
    """Not in the future and at most 120 years ago."""
    return day <= today and today.year - day.year <= 120


def dates_in(text: str) -> list[tuple[date, int, int]]:
    """Dates in Brazilian order with their places in the text; impossible ones are left out."""
    folded = fold(text)
    found = []
    for match in _NUMERIC_DATE.finditer(folded):
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        found.append((year, int(match[2]), int(match[1]), match))
    for match in _WRITTEN_DATE.finditer(folded):
        found.append((int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]), match))
    return [
        (date(year, month, day), match.start(), match.end())
        for year, month, day, match in found
        if 1900 < year < 2200 and 1 <= month <= 12 and 1 <= day <= _days_in(year, month)
    ]


def amounts_in(text: str) -> list[tuple[Decimal, int, int]]:
    """Amounts with cents, as Brazil prints them (`1.480,00`), with their places in the text."""
    return [
        (Decimal(match[1].replace(".", "").replace(",", ".")), match.start(1), match.end(1))
        for match in _AMOUNT.finditer(text)
    ]


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day
