"""Short answers that are chosen by rules: numbers typed instead of a tap, and for whom it is."""

import re
from collections.abc import Sequence

from austa.modules.chat.domain.texts import SPECIALTIES

LONGEST_NAME = 20
"""WhatsApp's limit for the title of a button."""
_NUMBER = re.compile(r"(?:(?:a |o )?(?:opcao|numero|n|item|alternativa) ?)?(\d{1,2})[.)ºª]?")
_ORDINALS = {"primeira": 1, "primeiro": 1, "segunda": 2, "segundo": 2, "terceira": 3, "terceiro": 3}
_RELATIVE = (
    r"(?:minha|meu|nossa|nosso) (?:mae|pai|filh[oa]|espos[oa]|marido|mulher|companheir[oa]|avo|vo|irma|irmao|net[oa]"
    r"|tia|tio|sogr[oa]|bebe)"
)
_SOMEBODY = rf"(?:outra pessoa|outro|outra|{_RELATIVE})"
_SWITCH = re.compile(
    rf"(?:(?:agora|entao|mas|nao) )*(?:(?:e|eh|era|quero|seria) )?(?:para|pra|pro|do|da|de) (?:o |a )?{_SOMEBODY}"
    r"|(?:trocar|mudar) de pessoa|nao e (?:para|pra) mim"
)
_COMPLAINT = re.compile(
    r"\b(?:reclam\w*|pessim\w*|horrivel|ruim|ruins|absurd\w*|descaso|desrespeit\w*|grosseir\w*|gross[oa]s?"
    r"|mal atendid\w*|demor\w*|ninguem (?:resolve\w*|respond\w*|atend\w*)"
    r"|nao (?:resolveu|resolveram|adiantou|gostei|ajudou|ajudaram)"
    r"|maltrat\w*|vergonha|decepcion\w*|insatisfeit\w*|nunca mais)\b"
)
_ACCENTS = str.maketrans("áàâãéêíóôõúüç", "aaaaeeiooouuc")


def chosen_number(text: str | None) -> int | None:
    """The place of an option in what was shown, from 1; None where the text says anything else."""
    plain = _plain(text)
    found = _NUMBER.fullmatch(plain)
    if found is not None:
        return int(found[1])
    return _ORDINALS.get(plain.removeprefix("a ").removeprefix("o "))


def is_switch(text: str | None) -> bool:
    """Whether it says that the conversation is about somebody else, and nothing more ("agora é para minha mãe")."""
    return _SWITCH.fullmatch(_plain(text).rstrip(".!")) is not None


def complains(text: str | None) -> bool:
    """Whether a sentence about the attendance says that something was wrong with it."""
    return _COMPLAINT.search(_plain(text)) is not None


def specialty_in(text: str | None) -> str:
    """The specialty that a text names, among those asked for most; empty where there is none."""
    words = _plain(text).split()
    found = (title for stem, title in SPECIALTIES.items() if any(word.startswith(stem) for word in words))
    return next(found, "")


def told_apart(names: Sequence[str]) -> list[str]:
    """First names that are all different, and fit a button: a mother and a daughter may both be Maria."""
    shown: list[str] = []
    for name in names:
        short, again = name[:LONGEST_NAME], 2
        while short in shown:
            short, again = f"{name[: LONGEST_NAME - 2]} {again}", again + 1
        shown.append(short)
    return shown


def _plain(text: str | None) -> str:
    return " ".join((text or "").casefold().translate(_ACCENTS).split())
