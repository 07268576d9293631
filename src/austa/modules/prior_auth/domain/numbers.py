"""Protocol, guide number and senha (domain-br 2.5, 4)."""

from datetime import date

SENHA_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without I, L, O, 0 and 1, which people misread on the telephone."""
SENHA_LENGTH = 10


def protocol_number(ans_registry: str, day: date, sequence: int) -> str:
    """20 digits: registry at ANS (6), AAAAMMDD (8), sequence of the day (6). RN ANS 623/2024."""
    return f"{ans_registry}{day:%Y%m%d}{sequence:06d}"


def guide_number(year: int, sequence: int) -> str:
    """`numeroGuiaOperadora` of TISS, at most 20 characters: year and a sequence without gaps."""
    return f"{year}{sequence:010d}"


def senha_from(randomness: bytes) -> str:
    """A senha from 32 random bytes: every letter is equally likely to within 2^-200."""
    number = int.from_bytes(randomness)
    letters = []
    for _ in range(SENHA_LENGTH):
        number, at = divmod(number, len(SENHA_ALPHABET))
        letters.append(SENHA_ALPHABET[at])
    return "".join(letters)
