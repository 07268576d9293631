"""Names as they are searched: parts without accents, case and particles."""

import re
import unicodedata

_PARTICLES = frozenset({"da", "das", "de", "do", "dos", "e"})


def tidy_name(name: str) -> str:
    """Composed characters (NFC) and single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def first_name(name: str) -> str:
    """'Marina Albuquerque de Teles' -> 'Marina'."""
    return tidy_name(name).split(" ")[0]


def name_parts(name: str) -> frozenset[str]:
    """'João d'Ávila dos Santos' -> {'joao', 'd', 'avila', 'santos'}."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return frozenset(re.findall(r"[^\W_]+", plain)) - _PARTICLES
