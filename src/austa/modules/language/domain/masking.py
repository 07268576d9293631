"""What leaves for a language model: only words that are known to say nothing about a person.

Names, numbers, addresses and whatever else is not an everyday word or a word of the approved articles becomes a
placeholder. A list of what is personal would always miss one; a list of what is not cannot.
"""

import re
from collections.abc import Container
from dataclasses import dataclass, field

from austa.modules.language.domain.knowledge.articles import words

_PIECE = re.compile(r"[^\W\d_]+|[^\s.,?!]+|[.,?!]|\s+")
_WORD = re.compile(r"[^\W\d_]+")
_PLACEHOLDER = re.compile(r"\{([A-Z]+)\}")
_SPELLED = frozenset(
    words(
        "zero um uma dois duas três quatro cinco seis sete oito nove meia dez onze doze treze quatorze catorze quinze"
        " dezesseis dezessete dezoito dezenove vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem"
        " cento duzentos trezentos quatrocentos quinhentos mil"
    )
) - {"um", "uma"}
"""A spelled number may be a digit of a document."""
_NAMES_TOO = frozenset(words("socorro graça luz"))
"""Words of the articles that people are called by."""


@dataclass(frozen=True)
class Masked:
    """A text that may leave. `originals`: what stood where, by placeholder; it never leaves."""

    text: str
    originals: dict[str, str] = field(repr=False)


def mask(text: str, harmless: Container[str]) -> Masked:
    """Replace all but harmless words and simple punctuation. Equal originals get equal placeholders."""
    placeholders: dict[str, str] = {}
    pieces = []
    for piece in _PIECE.findall(text):
        if piece.isspace():
            pieces.append(" ")
        elif piece in ".,?!" or _is_harmless(piece, harmless):
            pieces.append(piece)
        else:
            pieces.append(placeholders.setdefault(piece, f"{{{_letters(len(placeholders))}}}"))
    return Masked("".join(pieces).strip(), {name: original for original, name in placeholders.items()})


def unmask(text: str, originals: dict[str, str]) -> str | None:
    """Put the originals back; None when the text holds a placeholder or a brace that was not ours."""
    names = [f"{{{name}}}" for name in _PLACEHOLDER.findall(text)]
    if any(name not in originals for name in names) or text.count("{") != len(names) or text.count("}") != len(names):
        return None
    return _PLACEHOLDER.sub(lambda match: originals[match.group()], text)


def _is_harmless(piece: str, harmless: Container[str]) -> bool:
    # A small raised digit counts as part of a word.
    if not _WORD.fullmatch(piece) or any(character.isdigit() for character in piece):
        return False
    folded = words(piece)
    return len(folded) == 1 and folded[0] in harmless and folded[0] not in _SPELLED | _NAMES_TOO


def _letters(number: int) -> str:
    """A, B, … Z, AA, …: digits would look like what they hide."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
