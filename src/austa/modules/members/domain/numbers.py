"""Numbers that identify a person: CPF, national health card (CNS), member card (domain-br 4)."""

import re

from validate_docbr import CNS, CPF

LONGEST_CARD = 20
"""TISS `numeroCarteira`."""
SHORTEST_CARD = 5
"""Its last four characters are shown in lists: a card must be longer than what is shown."""

_CPF, _CNS = CPF(), CNS()


def digits_of(text: str) -> str:
    """The ASCII digits of a text, in order."""
    return re.sub(r"[^0-9]", "", text)


def is_cpf(digits: str) -> bool:
    """Exactly eleven digits with right check digits, not all equal."""
    return re.fullmatch(r"[0-9]{11}", digits) is not None and bool(_CPF.validate(digits))


def is_cns(digits: str) -> bool:
    """Exactly fifteen digits, first 1, 2, 7, 8 or 9, weighted sum divisible by eleven."""
    return re.fullmatch(r"[0-9]{15}", digits) is not None and bool(_CNS.validate(digits))


def normal_card(text: str) -> str:
    """A card number as we compare it: letters and digits, upper case. Its check digit is the operator's own matter."""
    return re.sub(r"[\s./-]", "", text).upper()


def is_card(card: str) -> bool:
    """Whether a normal card number has a possible shape."""
    return re.fullmatch(rf"[0-9A-Z]{{{SHORTEST_CARD},{LONGEST_CARD}}}", card) is not None


def card_end(card: str) -> str:
    """The last four characters: what a list may show."""
    return card[-4:]
