"""Numbers typed instead of a tap: many people read the options and answer "2"."""

import re

_NUMBER = re.compile(r"(?:(?:a |o )?(?:opcao|numero|n|item|alternativa) ?)?(\d{1,2})[.)ºª]?")
_ORDINALS = {"primeira": 1, "primeiro": 1, "segunda": 2, "segundo": 2, "terceira": 3, "terceiro": 3}
_ACCENTS = str.maketrans("áàâãéêíóôõúüç", "aaaaeeiooouuc")


def chosen_number(text: str | None) -> int | None:
    """The place of an option in what was shown, from 1; None where the text says anything else."""
    plain = (text or "").strip().casefold().translate(_ACCENTS)
    found = _NUMBER.fullmatch(plain)
    if found is not None:
        return int(found[1])
    return _ORDINALS.get(plain.removeprefix("a ").removeprefix("o "))
