"""By what words a paper is found again: folded, without accents and without the endings of plurals.

Only whole words are found: an index of sealed words cannot tell how one begins (design rule 5).
"""

import re
from collections.abc import Collection

from austa.modules.documents.domain.reading import compact, fold

MOST_TERMS = 12
# fmt: off
SILENT = frozenset((
    "a", "o", "e", "as", "os", "de", "da", "do", "das", "dos", "em", "no", "na", "nos", "nas", "com", "para", "por",
    "um", "uma", "ao", "aos",
))
# fmt: on
"""Words that stand in every paper."""
_BETWEEN = re.compile(r"[\s:;()\[\]|\"']+|(?<!\d)[/,]|[/,](?!\d)")
"""What parts words. A slash or comma between digits belongs to a date or a number."""
_WORDS = re.compile(r"[^\W\d_]{2,}")
# Of folded words, the longer endings first; what would leave less than three letters stays.
_PLURALS = (
    ("oes", "ao"),
    ("aes", "ao"),
    ("ais", "al"),
    ("eis", "el"),
    ("ois", "ol"),
    ("res", "r"),
    ("zes", "z"),
    ("ns", "m"),
    ("s", ""),
)


def terms_in(text: str) -> frozenset[str]:
    """By what a text is found: its words, and each number or code as a whole (`M23.2` is `m232`)."""
    found: set[str] = set()
    for piece in _BETWEEN.split(text):
        if any(character.isdigit() for character in piece):
            found.add(compact(piece))
        found.update(_singular(word) for word in _WORDS.findall(fold(piece)))
    return frozenset(found) - {""}


def terms_asked(query: str) -> tuple[str, ...]:
    """What somebody looks for: all of it must stand in the paper. Empty where nothing of weight is asked."""
    wanted: dict[str, None] = {}
    for piece in _BETWEEN.split(query):
        if any(character.isdigit() for character in piece):
            wanted[compact(piece)] = None
        else:
            wanted.update((_singular(word), None) for word in _WORDS.findall(fold(piece)) if word not in SILENT)
    return tuple(wanted)[:MOST_TERMS]


def code_asked(query: str) -> str | None:
    """The one code or number that a query is, such as `41101316`, `M23.2` or a CPF; None for words."""
    code = compact(query)
    has_words = any(len(word) > 3 for word in _WORDS.findall(query))
    return code if len(code) >= 3 and any(map(str.isdigit, code)) and not has_words else None


def has_one(text: str, asked: Collection[str]) -> bool:
    """Whether one of the asked terms stands in it."""
    return not terms_in(text).isdisjoint(asked)


def _singular(word: str) -> str:
    for plural, singular in _PLURALS:
        if word.endswith(plural) and len(word) - len(plural) + len(singular) >= 3:
            return word[: -len(plural)] + singular
    return word
