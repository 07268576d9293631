"""What words around a complaint do to it: denial."""

from collections.abc import Callable

from austa.modules.language.domain.entities.message import Message
from austa.modules.language.domain.normalise import fold_text

_DENIALS = frozenset(fold_text("não sem nem nega negou nega nunca nenhum nenhuma jamais").split())
# Words that may stand between a denial and what it denies; any other word ends its reach.
_CARRIED = frozenset(
    fold_text(
        "tenho tem tive teve tinha sinto senti sente sentiu estou está estava com de do da a o as os um uma ou e nem"
        " mais nenhum nenhuma nada muito muita apresenta apresentou há houve deu quase qualquer no na em meu"
        " minha tendo"
        " sentindo ter sofro sofre sou é foi esse essa aquela aquele tipo"
    ).split()
)
_SPOKEN_ANEW = frozenset(fold_text("estou está tenho tem tive teve sinto senti sente apareceu começou deu").split())
_DENIED_AFTER = frozenset(fold_text("tem tenho teve tive deu").split())
_REACH = 12


def is_denied(message: Message, first: int, last: int, is_mentioned: Callable[[int], bool]) -> bool:
    """ "não tenho febre nem tosse", "sem dor", "febre não": denied as written. `is_mentioned`: words of other
    mentions, over which a denial reaches in a list; a new verb after a comma or "mas" ends it."""
    words, reading = message.words, message.reading
    for place in range(first - 1, max(-1, first - 1 - _REACH), -1):
        if reading.breaks[place + 1]:
            break
        if words[place] in _DENIALS:
            return not _is_said_of_something_else(message, place, first)
        if words[place] in _SPOKEN_ANEW and (reading.commas[place] or (place and words[place - 1] in {"e", "mas"})):
            break
        if words[place] not in _CARRIED and not is_mentioned(place):
            break
    after = last + 1
    if after < len(words) and words[after] == "nao" and not reading.breaks[after]:
        beyond = after + 1
        return (
            beyond == len(words) or reading.breaks[beyond] or reading.commas[beyond] or words[beyond] in _DENIED_AFTER
        )
    return False


def _is_said_of_something_else(message: Message, place: int, first: int) -> bool:
    """ "nem" alone in "nem dormi de dor"; "não é só febre"."""
    return any(message.words[at] == "so" for at in range(place + 1, first))
