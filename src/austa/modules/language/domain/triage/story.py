"""What a story says about each pattern of the protocol: said, denied, or nothing.

Other than in the red-flag layer, a denial here answers a question, so its reach is read closely: "sem febre, dor no
corpo" denies the fever alone; "não tem ferida, nem bolha" and "sem enjoo, tosse ou febre" deny the list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from austa.modules.language.domain import normalise
from austa.modules.language.domain.denial_words import NONE, NOT, THERE_IS
from austa.modules.language.domain.normalise import Reading, fold_words
from austa.modules.language.domain.pattern import Match, PatternSet
from austa.modules.language.domain.spelling import Speller

Said = Literal["said", "denied"]

_REACH = 12


@dataclass(frozen=True, slots=True)
class Statement:
    """A pattern that the story speaks of; `places` are those of its words."""

    said: Said
    places: tuple[int, ...]


class StoryReader:
    """The patterns of the protocol, compiled."""

    def __init__(
        self,
        patterns: Sequence[str],
        classes: dict[str, tuple[str, ...]],
        groups: dict[str, tuple[str, ...]],
        everyday_words: Iterable[str],
    ) -> None:
        self._patterns = PatternSet(patterns, classes, groups)
        vocabulary = self._patterns.vocabulary()
        self._speller = Speller(vocabulary, _CUES.union(everyday_words), self._patterns.beginnings())

    def read(self, texts: Sequence[str]) -> "tuple[Reading, dict[int, Statement]]":
        """The words of the texts, and what they say of each pattern, by its place in the list."""
        reading = normalise.read(texts, self._speller)
        statements = {}
        for number, conjuncts in self._patterns.find(reading.words).items():
            statement = _statement(conjuncts, reading)
            if statement:
                statements[number] = statement
        return reading, statements


def _statement(conjuncts: list[list[Match]], reading: Reading) -> Statement | None:
    """Said when each conjunct is said somewhere; denied when the only one there is, is denied."""
    places: list[int] = []
    for matches in conjuncts:
        readings = [(_polarity(match, reading), match) for match in matches]
        said = next((match for polarity, match in readings if polarity == "said"), None)
        if said is None:
            denied = next((match for polarity, match in readings if polarity == "denied"), None)
            alone = len(conjuncts) == 1 and denied is not None and len(denied.parts) == 1
            return Statement("denied", denied.places) if alone and denied is not None else None
        places += said.places
    return Statement("said", tuple(sorted(set(places))))


def _polarity(match: Match, reading: Reading) -> Said | None:
    """None: the words do not belong together, or are past, feared or supposed."""
    if any(_crosses_a_sentence(part, reading) for part in match.parts):
        return None
    if any(_is_denied(part, reading) for part in match.parts):
        return "denied"
    return None if any(_is_unreal(part, reading) for part in match.parts) else "said"


def _crosses_a_sentence(part: tuple[int, ...], reading: Reading) -> bool:
    return any(
        reading.breaks[at] and reading.messages[at] == reading.messages[at - 1]
        for at in range(part[0] + 1, part[-1] + 1)
    )


def _is_denied(part: tuple[int, ...], reading: Reading) -> bool:
    words = reading.words
    inside = [at for at in range(part[0] + 1, part[-1]) if at not in part]
    if any(
        words[at] in _WITHOUT or (words[at] in NOT and (at + 1 in part or words[at + 1] in _LINKS | _REACHES))
        for at in inside
    ):
        return True
    return _denied_before(part[0], part[-1], reading) or _denied_after(part[-1], reading)


def _denied_before(first: int, last: int, reading: Reading) -> bool:
    """Read leftwards to the word that denies, or to one that ends its reach."""
    words = reading.words
    commas = int(reading.commas[first]) if first else 0
    if first and reading.breaks[first]:
        return False
    for at in range(first - 1, max(first - 1 - _REACH, -1), -1):
        word = words[at]
        between = words[at + 1 : first]
        if word in _WITHOUT:
            if word == "sem" and between and between[0].endswith(("ar", "er", "ir")) and between[0] not in _STATES:
                return False
            return not commas or word == "nem" or _is_a_list(at, last, reading)
        if word in NOT:
            direct = all(other in _LINKS for other in between)
            states = bool(between) and any(other in _STATES for other in between[:4])
            return (direct or states) and (not commas or _is_a_list(at, last, reading))
        if word == "nada" and between[:1] == ["de"]:
            return not commas or _is_a_list(at, last, reading)
        if word in _STOPPED and (between[:1] == ["de"] or not between):
            return True
        before = words[at - 1] if at else ""
        if (word in _TURNS and before not in NOT | _WITHOUT) or (word == "com" and before not in _STATES):
            return False
        if reading.breaks[at]:
            return False
        commas += int(reading.commas[at])
    return False


def _denied_after(last: int, reading: Reading) -> bool:
    """ "Febre não." , "febre eu não tive", "a febre passou"."""
    words = reading.words
    at = last + 1
    if at < len(words) and words[at] in _PRONOUNS and not reading.breaks[at]:
        at += 1
    if at >= len(words) or reading.breaks[at]:
        return False
    if words[at] in _GONE and not reading.commas[at]:
        return True
    if words[at] not in NOT or reading.commas[at]:
        return False
    after = at + 1
    return after >= len(words) or reading.breaks[after] or reading.commas[after] or words[after] in _STATES


def _is_a_list(cue: int, last: int, reading: Reading) -> bool:
    """Whether commas between the denial and the words divide a list that ends in "ou" or "nem"."""
    for at in range(cue + 1, min(last + 7, len(reading.words))):
        if reading.breaks[at]:
            return False
        if reading.words[at] in _OR:
            return True
        if at > cue + 1 and reading.words[at] in _ENDS_A_LIST:
            return False
    return False


def _is_unreal(part: tuple[int, ...], reading: Reading) -> bool:
    words = reading.words
    for at in range(part[0] - 1, max(part[0] - 1 - _REACH, -1), -1):
        if reading.breaks[at + 1]:
            return False
        near = part[0] - at
        if words[at] == "se" and near <= 5 and any(word in _SUPPOSES for word in words[at + 1 : at + 4]):
            return True
        if words[at] in _FEARS and near <= 4:
            return True
        if words[at] in _RELATIVES and any(word in _HAD for word in words[at + 1 : part[0]]):
            return True
        if words[at] in _ONCE and near <= 6:
            return True
    return False


_WITHOUT = NONE | fold_words("sem")
_LINKS = fold_words("no na do da de em nos nas o a os as é mais está estou me lhe se muito nada qualquer sinto tem")
_STATES = THERE_IS | fold_words(
    "tido noto percebo vejo observei deu dá existe sai saiu veio sofri tomo uso usa toma fiz faz sou ficar"
)
_TURNS = fold_words(
    "mas porém só apenas somente agora hoje porque que entretanto contudo embora então começou comecei continua"
    " continuo piorou depois quando ontem desde está estão tenho dói doi doendo é fico fica ando"
)
# "A dor não desce para a perna": not felt there.
_REACHES = fold_words("desce desceu vai irradia irradiou corre chega chegou espalha espalhou sobe pega atinge passa")
_STOPPED = fold_words("parou parei parado cessou deixou deixei")
_GONE = fold_words("passou sumiu acabou cedeu desapareceu melhorou parou baixou")
_PRONOUNS = fold_words("eu ele ela já")
_OR = fold_words("ou nem")
_ENDS_A_LIST = fold_words("mas com tenho está porém só que agora")
_SUPPOSES = fold_words("tiver tivesse der aparecer sentir piorar for acontecer começar vier ficar subir passar")
_FEARS = fold_words("medo receio pavor será evitar prevenir")
_RELATIVES = fold_words(
    "irmão irmã tia tio pai mãe avó avô vó vô prima primo sogra sogro colega colegas vizinho vizinha"
)
_HAD = fold_words("teve tiveram morreu faleceu tinha tinham")
_ONCE = fold_words("antigamente infância criança retrasado")

_CUES = NOT | _WITHOUT | _LINKS | _STATES | _TURNS | _STOPPED | _GONE | _PRONOUNS | _OR | _ENDS_A_LIST
_CUES |= _SUPPOSES | _FEARS | _RELATIVES | _HAD | _ONCE
