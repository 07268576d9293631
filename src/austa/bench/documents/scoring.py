"""How a reading is compared with what is truly printed. Pure: a label and what was reported in, judgements out.

A value is one leaf: `member_name`, a code of `cid`, or a part of an entry of a list (`procedures.tuss`).
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from rapidfuzz.distance import Levenshtein

from austa.bench.documents.labels import Label

CHARACTERS_AN_EDIT = 15
"""Names and free text may differ in one edit in so many characters."""

# fmt: off
IDENTIFIERS = frozenset((
    "card_number", "cpf", "cns", "cid", "tuss", "council", "council_uf", "council_number", "provider_cnpj",
    "anvisa_registry", "ans_registry", "guide_number", "operator_guide_number", "password", "laterality",
))
DATES = frozenset(("birth_date", "issue_date", "valid_until", "password_valid_until", "start_date"))
NUMBERS = frozenset(("quantity", "unit_price", "total", "total_amount", "days_off"))
AS_PRINTED = frozenset(("value",))
DOSES = frozenset(("dose", "posology"))
# fmt: on
LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "procedures": ("tuss", "description"),
        "medicines": ("name",),
        "lab_values": ("analyte",),
        "opme_items": ("anvisa_registry", "description"),
        "cid": ("cid",),
    }
)
"""The lists of a label, and by what their entries are matched: by the first that both have and that is equal."""


@dataclass(frozen=True)
class Got:
    """A value that was reported. `accepted`: a decision would rest on it without a person."""

    value: str
    accepted: bool


Entry = Mapping[str, Got]


@dataclass(frozen=True)
class Reported:
    """What was read from a document. `document_class` is None when the file could not be read.

    `single`: every value reported under a name; `lists`: the entries under a name of `LISTS`, part by part.
    """

    document_class: str | None = None
    text: str = ""
    single: Mapping[str, Sequence[Got]] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Entry]] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """One value: what is printed (None: nothing) and what was reported (None: nothing)."""

    name: str
    expected: str | None
    got: str | None
    accepted: bool
    right: bool
    is_second: bool = False
    """One more value was reported under a name that is printed once."""

    @property
    def is_printed(self) -> bool:
        """It counts as one of the values of the label."""
        return self.expected is not None and not self.is_second


@dataclass(frozen=True)
class Scored:
    """One document. `char_accuracy` and `word_recall` are None where they have no meaning: no text, or handwriting."""

    char_accuracy: float | None
    word_recall: float | None
    class_right: bool
    values: tuple[Judged, ...]
    handwritten: bool

    @property
    def left_to_person(self) -> bool:
        """Nothing in it would be rested on."""
        return not any(value.accepted for value in self.values)


def score(label: Label, reported: Reported) -> Scored:
    """Compare one reading with its label."""
    texts = label.text and not label.handwritten
    return Scored(
        char_accuracy=char_accuracy(label.text, reported.text) if texts else None,
        word_recall=word_recall(label.text, reported.text) if texts else None,
        class_right=reported.document_class == label.document_class,
        values=tuple(judge_all(label.fields, reported)),
        handwritten=label.handwritten,
    )


def char_accuracy(printed: str, read: str) -> float:
    """One minus the edit distance by the length of what is printed, both with white space collapsed; never under 0."""
    printed, read = collapse(printed), collapse(read)
    return max(0.0, 1 - Levenshtein.distance(printed, read) / len(printed))


def word_recall(printed: str, read: str) -> float:
    """The share of the printed words, each as often as it is printed, that were read, wherever they stand."""
    words = Counter(printed.split())
    return (words & Counter(read.split())).total() / words.total()


def judge_all(fields: Mapping[str, Any], reported: Reported) -> Iterator[Judged]:
    """Every value that is printed or reported, once."""
    for name in dict.fromkeys((*fields, *reported.single, *reported.lists)):
        if name in LISTS:
            yield from _judge_list(name, list(_entries(name, fields.get(name))), list(reported.lists.get(name, ())))
        else:
            yield from _judge_single(name, fields.get(name), reported.single.get(name, ()))


def is_same(name: str, expected: str, got: str) -> bool:
    """Identifiers, codes, dates and numbers are equal; names and free text nearly so; doses with all their digits."""
    if name in IDENTIFIERS:
        return _bare(expected) == _bare(got)
    if name in NUMBERS:
        return _number(expected) is not None and _number(expected) == _number(got)
    if name in DATES or name in AS_PRINTED:
        return collapse(expected) == collapse(got)
    if name in DOSES and _digits(expected) != _digits(got):
        return False
    printed, read = folded(expected), folded(got)
    return Levenshtein.distance(printed, read) <= len(printed) // CHARACTERS_AN_EDIT


def collapse(text: str) -> str:
    """White space of any kind as single blanks."""
    return " ".join(text.split())


def folded(text: str) -> str:
    """Without case, accents and white space that tells nothing."""
    bare = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return collapse(bare.casefold())


def _judge_single(name: str, expected: Any, got: Sequence[Got]) -> Iterator[Judged]:
    told = None if expected in (None, "") else str(expected)
    best: dict[str, Got] = {}
    for each in sorted(got, key=lambda each: not each.accepted):
        best.setdefault(each.value, each)
    first, *more = best.values() or (None,)
    yield from _judge(name, told, first)
    for each in more:
        if each is not None and each.accepted and not (told is not None and is_same(name, told, each.value)):
            yield Judged(name, told, each.value, accepted=True, right=False, is_second=True)


def _judge(name: str, expected: str | None, got: Got | None) -> Iterator[Judged]:
    if expected is None and got is None:
        return
    leaf = name.rpartition(".")[2]
    right = expected is not None and got is not None and is_same(leaf, expected, got.value)
    yield Judged(name, expected, got.value if got else None, got is not None and got.accepted, right)


def _judge_list(name: str, printed: list[Mapping[str, str]], got: list[Entry]) -> Iterator[Judged]:
    for key in LISTS[name]:
        for entry in tuple(got):
            match = next((each for each in printed if _match(key, each, entry)), None)
            if match is not None:
                printed.remove(match)
                got.remove(entry)
                yield from _judge_entry(name, match, entry)
    for left in printed:
        yield from _judge_entry(name, left, {})
    for entry in got:
        yield from _judge_entry(name, {}, entry)


def _match(key: str, printed: Mapping[str, str], got: Entry) -> bool:
    return key in printed and key in got and is_same(key, printed[key], got[key].value)


def _judge_entry(name: str, printed: Mapping[str, str], got: Entry) -> Iterator[Judged]:
    for part in dict.fromkeys((*printed, *got)):
        yield from _judge(name if part == name else f"{name}.{part}", printed.get(part), got.get(part))


def _entries(name: str, told: Any) -> Iterable[Mapping[str, str]]:
    """The entries of a label's list with their parts as text. `cid` is a list of bare codes."""
    for entry in told or ():
        parts = entry if isinstance(entry, dict) else {name: entry}
        yield {part: str(value) for part, value in parts.items() if value not in (None, "")}


def _bare(text: str) -> str:
    return "".join(each for each in text.upper() if each.isalnum())


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
