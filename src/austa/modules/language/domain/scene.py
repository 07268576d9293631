"""How words of a message were said: as happening now, denied, long past, hypothetical, passed, or not meant."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import accumulate, pairwise

from austa.kernel.personal import Personal
from austa.modules.language.api.entities import Words
from austa.modules.language.domain import normalise
from austa.modules.language.domain.denial_words import NONE, NOT, THERE_IS
from austa.modules.language.domain.normalise import fold_word, fold_words, number_value
from austa.modules.language.domain.pattern import Match
from austa.modules.language.domain.pertinent_negatives import is_told_calmly

MASKED = "\0"
_LOOK_BACK = 9
_PLAIN_LOOK_BACK = 6
_FULL_SENTENCE = 3
_SENTENCE = 40
_UNITS = (("dia dias", 1 / 365), ("semana semanas", 7 / 365), ("mês meses", 1 / 12), ("ano anos aninhos", 1.0))
_NO_INFANT = 2
_NEAR_CHILD = 5
_REACH = 120
_LIST = 12
_LIST_GOES_ON = 7


@dataclass(frozen=True, slots=True)
class Cues:
    """What was found around the words: see `LexiconData` for what each kind means."""

    past: Sequence[Match] = ()
    long_past: Sequence[Match] = ()
    unreal: Sequence[Match] = ()
    topics: Sequence[Match] = ()
    joking: Sequence[Match] = ()
    passed: Sequence[Match] = ()


class Scene:
    """A reading with what was found around its words: time, reality and denial."""

    def __init__(self, reading: normalise.Reading, words: list[str], cues: Cues) -> None:
        self.reading = reading
        self._words = words
        self._cues = {kind.name: sorted(getattr(cues, kind.name)) for kind in fields(cues)}
        self._somebody_now = list(accumulate(word in _SOMEBODY_NOW for word in words))
        self._sentences = list(accumulate(reading.breaks))
        self._clauses = list(
            accumulate(
                ends or comma or word in _NEW_CLAUSE
                for ends, comma, word in zip(reading.breaks, reading.commas, words, strict=True)
            )
        )
        self._stated: dict[Match, bool] = {}
        self._calm: bool | None = None

    def is_stated(self, match: Match) -> bool:
        """Said as happening now to someone: not denied, not long past, not hypothetical or from a story."""
        stated = self._stated.get(match)
        if stated is None:
            stated = self._stated[match] = not (
                self.is_denied(match) or self._is_past(match) or self._is_unreal(match) or self._is_joke(match)
            )
        return stated

    def is_denied(self, match: Match) -> bool:
        """True when the words themselves are said not to be there ("sem febre", "febre não tive")."""
        return any(self._is_part_denied(part, frozenset(match.places)) for part in match.parts)

    def is_plainly_denied(self, match: Match) -> bool:
        """Denied beyond doubt: "sem febre", "não está molinho", "febre não teve". Of what a body does ("não respira",
        "não tem feito xixi") the denial is the sign itself."""
        return any(
            self._words[part[0]] not in _FUNCTIONS and self._is_plainly_denied(part, frozenset(match.places))
            for part in match.parts
        )

    def is_told(self, match: Match) -> bool:
        """Surely not happening now: dated a year back or more, or the topic of a course, a form, a film, a pet."""
        return self._is_long_past(match) or self._is_topic(match)

    def has_passed(self, match: Match) -> bool:
        """Said to be over, by the same sentence: "engasgou, botou pra fora e tá ótimo"."""
        return any(
            cue.first > match.first
            and self._in_one_sentence(cue, match)
            and not any(
                self._words[place] in _AGAIN and self._sentences[place] == self._sentences[cue.last]
                for place in range(cue.last + 1, min(cue.last + _SENTENCE, len(self._words)))
            )
            for cue in self._cues_near("passed", match)
        )

    def is_told_calmly(self, match: Match) -> bool:
        """Words of a newest message that says what is well too; words of other messages never are."""
        if self._calm is None:
            self._calm = is_told_calmly(self.reading)
        return self._calm and all(self.reading.messages[place] == 0 for place in match.places)

    def is_of_somebody_older(self) -> bool:
        """True when the newest message tells ages of two years or more, of the children it names or where it names
        none, and nothing in it speaks of a baby."""
        places = [at for at, message in enumerate(self.reading.messages) if message == 0]
        words = [self._words[at] for at in places]
        if any(word in _BABIES and not _drinks(words, at) for at, word in enumerate(words)):
            return False
        if any(word in _CHILDREN for word in words):
            return self.is_of_a_child_older_than(_NO_INFANT * 12 - 1)
        return any(words[at + 1] in _YEARS and self._is_age(words, at) for at in range(len(words) - 1))

    def is_of_a_child_older_than(self, months: int) -> bool:
        """True when the newest message tells ages of children or babies, and all are above this."""
        words = self._words
        ages = [
            years * _YEARS_IN[words[at + 1]]
            for at in range(len(words) - 1)
            if self.reading.messages[at] == 0
            and words[at + 1] in _YEARS_IN
            and (at == 0 or words[at - 1] not in _LASTS)
            and (years := number_value(words[at])) is not None
            and any(word in _CHILDREN | _BABIES for word in words[max(at - _NEAR_CHILD, 0) : at])
        ]
        return bool(ages) and min(ages) > months / 12

    @staticmethod
    def _is_age(words: list[str], at: int) -> bool:
        years = number_value(words[at])
        return years is not None and years >= _NO_INFANT and (at == 0 or words[at - 1] not in _LASTS)

    def counts_something_else(self, match: Match) -> bool:
        """A number that the sentence gives to years, weeks or pounds, taken for a measure: "câncer … 38 anos"."""
        words = self._words
        return any(
            place + 1 < len(words)
            and place + 1 not in match.places
            and words[place + 1] in _COUNTED
            and number_value(words[place]) is not None
            for place in match.places
        )

    def is_one_thought(self, match: Match) -> bool:
        """False for words picked from two full sentences, or from both sides of a comma after a denial: "não dói,
        engulo bem". People do break a sentence in two, word by word, so short pieces count as one."""
        return all(self._is_whole(part) for part in match.parts)

    def _is_whole(self, part: tuple[int, ...]) -> bool:
        reading, words = self.reading, self._words
        for before, after in pairwise(part):
            if words[before] in _NOT_WITH and any(reading.commas[before + 1 : after + 1]):
                return False
        if (
            self._sentences[part[0]] == self._sentences[part[-1]]
            or reading.messages[part[0]] != reading.messages[part[-1]]
        ):
            return True
        return min(self._length(part[0]), self._length(part[-1])) < _FULL_SENTENCE

    def _length(self, place: int) -> int:
        """How many words the sentence of this word has, counted up to a full one."""
        around = range(max(place - _FULL_SENTENCE, 0), min(place + _FULL_SENTENCE + 1, len(self._words)))
        return sum(self._sentences[at] == self._sentences[place] for at in around)

    def sentence_of(self, place: int) -> int:
        """The number of the sentence that this word stands in."""
        return self._sentences[place]

    def tells_of_now(self, match: Match) -> bool:
        """True when the sentence says that something is going on ("estou", "agora", "começou")."""
        return self._sentence_says(match, _NOW | _HAPPENS)

    def words_at(self, places: tuple[int, ...], texts: Sequence[str]) -> Words:
        """The stretch of the message between the first and the last of these words that stand in one message."""
        reading = self.reading
        message = reading.messages[places[-1]]
        inside = [place for place in places if reading.messages[place] == message]
        start, end = reading.starts[inside[0]], reading.ends[inside[-1]]
        return Words(text=Personal(texts[message - 1][start:end]), start=start, end=end, message=message)

    def _is_part_denied(self, part: tuple[int, ...], used: frozenset[int]) -> bool:
        words = self._words
        # "não solta nem gases": a phrase that begins with a denial is not denied by a second one.
        inner = () if words[part[0]] in _NOT_WITH else range(part[0] + 1, part[-1])
        for place in inner:
            if place not in used and words[place] in _NOT_WITH and used & {place + 1, place + 2}:
                # "dor de cabeça mas não no peito": a denial right before words that count.
                return words[place + 1] in _LINKS | _BEING or place + 1 in used
        return (
            self._denial_stands_before(part[0], used)
            or self._denial_stands_after(part[-1])
            or self._stands_in_a_denied_list(part)
        )

    def _is_plainly_denied(self, part: tuple[int, ...], used: frozenset[int]) -> bool:
        words, clauses = self._words, self._clauses
        if words[part[0]] in _NOT_WITH:
            return False
        if words[part[0]] in _EVENTS and part[0] > 0 and words[part[0] - 1] in NOT:
            return clauses[part[0] - 1] == clauses[part[0]]
        for place in range(part[0] - 1, max(part[0] - _PLAIN_LOOK_BACK, -1), -1):
            word, following = words[place], words[place + 1]
            if clauses[place] != clauses[part[0]] or word in _TURNS or place in used:
                break
            if word == "sem" or (word in _NEITHER and self._denial_began_before(place)):
                return part[0] - place <= 3 and not following.endswith(("ar", "er", "ir"))
            if self._is_denied_state(place):
                feels = word in _FEELS and following in _ARTICLES
                return not feels and not following.endswith(("ndo", "ar", "er", "ir"))
        if self._denial_stands_after(part[-1]) or self._stands_in_a_denied_list(part):
            return True
        return (
            self._is_denied_state(part[0])
            and part[0] - 1 not in used
            and not words[min(part[0] + 1, len(words) - 1)].endswith("ndo")
        )

    def _stands_in_a_denied_list(self, part: tuple[int, ...]) -> bool:
        """ "Sem febre, falta de ar ou vômito", "não tem febre, manchas nem vômito": things, "ou" or "nem" at the end.
        What somebody does ("não tem febre, vomita tudo") is no thing of a list."""
        words, sentences, sentence = self._words, self._sentences, self._sentences[part[0]]
        if words[part[0]] in _EVENTS | _NOT_WITH or words[part[0]].endswith(_DONE):
            return False
        for place in range(part[0] - 1, max(part[0] - 1 - _LIST, -1), -1):
            word, following = words[place], words[place + 1]
            if sentences[place] != sentence or word in _TURNS or word in _EVENTS:
                return False
            denies = word == "sem" and not following.endswith(("ar", "er", "ir"))
            if denies or (word in _STATES and self._is_denied_state(place)):
                rest = range(place + 1, min(part[-1] + _LIST_GOES_ON, len(words)))
                return any(self.reading.commas[at] for at in range(place + 1, part[0] + 1)) and any(
                    words[at] in _ENDS_LISTS and sentences[at] == sentence for at in rest
                )
            if word in _STATES and word != "e":
                return False
        return False

    def _is_denied_state(self, place: int) -> bool:
        """ "Não está", "não tem mais", within one clause."""
        words, clauses = self._words, self._clauses
        if words[place] not in _STATES or words[place] == "e":
            return False
        before = [words[at] for at in range(max(place - 2, 0), place) if clauses[at] == clauses[place]]
        return bool(before) and (before[-1] in NOT or (before[-1] in _SMALL and before[0] in NOT))

    def _denial_began_before(self, place: int) -> bool:
        """ "Sem febre nem sangramento": "nem" goes on with a denial; alone it may say "not even"."""
        words, sentence = self._words, self._sentences[place]
        return any(
            words[at] in _NOT_WITH and not words[at + 1].endswith(("ar", "er", "ir"))
            for at in range(max(place - _LOOK_BACK, 0), place)
            if self._sentences[at] == sentence
        )

    def _denial_stands_after(self, last: int) -> bool:
        """ "Febre não tive.", "dor no peito eu não tenho, só": the denial ends its clause."""
        words, clauses = self._words, self._clauses
        after = [place for place in range(last + 1, min(last + 5, len(words))) if clauses[place] == clauses[last]]
        said = [words[place] for place in after if words[place] not in _PERSONS]
        ends = not after or after[-1] + 1 == len(words) or clauses[after[-1] + 1] != clauses[last]
        if said == ["nao"]:
            # "Tosse sim, falta de ar não." Without the yes it may ask: "está com a boca torta, não?"
            return ends and self._sentence_says(Match((last,), ((last,),)), _YES)
        return ends and len(said) == 2 and said[0] in NOT and said[1] in _STATES

    def _denial_stands_before(self, first: int, used: frozenset[int]) -> bool:
        words, reading = self._words, self.reading
        for place in range(first - 1, max(first - 1 - _LOOK_BACK, -1), -1):
            if reading.breaks[place + 1]:
                return False
            if place in used and words[place] in _NOT_WITH:
                # "o negócio não desce": the denial is part of what is said.
                return False
            word, before = words[place], self._word_before(place)
            between = range(place + 1, first)
            if word in NOT and all(words[at] in _LINKS and not reading.commas[at] for at in between):
                return True
            if word in _NEITHER or (word == "nada" and words[place + 1] == "de" and first - place <= 3):
                return True
            if word == "sem":
                # "sem parar" and "sem conseguir" deny the verb, not what follows it.
                near = first - place <= 3 and not any(reading.commas[place + 1 : first + 1])
                return near and not words[place + 1].endswith(("ar", "er", "ir"))
            if word in _STATES:
                if before in NOT:
                    # "não sente o pé" tells of a numb foot.
                    return word not in _FEELS or words[place + 1] not in _ARTICLES
                if word != "e":
                    return False
                if not reading.commas[place]:
                    return False
            elif word in NOT or word in _TURNS or (word == "com" and before not in _STATES):
                return False
        return False

    def _word_before(self, place: int) -> str:
        """The word before, past small ones ("não estou mais com": before "com" is "estou")."""
        breaks = self.reading.breaks
        while place > 0 and not breaks[place]:
            place -= 1
            if self._words[place] not in _SMALL:
                return self._words[place]
        return ""

    def _is_past(self, match: Match) -> bool:
        return any(
            _distance(cue, match) <= _LOOK_BACK
            and self._in_one_sentence(cue, match)
            and not self._sentence_says(match, _NOW)
            for cue in self._cues_near("past", match)
        )

    def _is_long_past(self, match: Match) -> bool:
        """The cue stands in the sentence, or the next one begins with it ("Isso foi em 2016"), and nothing between
        them, nor in their clauses, tells of the present."""
        return any(self._tells_of_then(cue, match) for cue in self._cues_near("long_past", match))

    def _tells_of_then(self, cue: Match, match: Match) -> bool:
        sentences, clauses, words = self._sentences, self._clauses, self._words
        low, high = min(cue.first, match.first), max(cue.last, match.last)
        if high - low > _SENTENCE:
            return False
        if sentences[match.last] + 1 == sentences[cue.first]:
            begins = next(
                place for place in range(match.last, cue.first + 1) if sentences[place] > sentences[match.last]
            )
            if words[begins] not in _REFERS_BACK:
                return False
        elif not self._in_one_sentence(cue, match):
            return False
        while low > 0 and clauses[low - 1] == clauses[low]:
            low -= 1
        while high + 1 < len(words) and clauses[high + 1] == clauses[high]:
            high += 1
        return not any(
            words[place] in _PRESENT and place not in cue.places and not self._is_well_after(place)
            for place in range(low, high + 1)
        )

    def _is_topic(self, match: Match) -> bool:
        """The cue comes first, and nobody is said to be ill between it and the words."""
        return any(
            cue.first < match.first
            and self._in_one_sentence(cue, match)
            and self._somebody_now[match.last] <= self._somebody_now[cue.last]
            and not any(self._words[place] in _MYSELF for place in match.places)
            for cue in self._cues_near("topics", match)
        )

    def _is_unreal(self, match: Match) -> bool:
        return any(
            cue.first < match.first
            and match.first - cue.last <= _LOOK_BACK
            and self._in_one_sentence(cue, match)
            and self._somebody_now[match.last] <= self._somebody_now[cue.last]
            for cue in self._cues_near("unreal", match)
        ) or self._is_asked_about(match)

    def _is_asked_about(self, match: Match) -> bool:
        """ "Infarto entra na carência?": an illness by its name, of nobody, and then the plan."""
        asked = any(
            match.last < cue.first <= match.last + _LOOK_BACK
            and self._in_one_sentence(cue, match)
            and not _OF_THE_PLAN.isdisjoint(self._words[place] for place in cue.places)
            for cue in self._cues_near("unreal", match)
        )
        happens = self._words[match.first].endswith(_DONE)
        return asked and not happens and not self._sentence_says(match, _SOMEBODY_NOW | _BEING)

    def _is_joke(self, match: Match) -> bool:
        """Laughter in a sentence that tells of nothing going on: people laugh in real emergencies too."""
        laughs = any(self._in_one_sentence(cue, match) for cue in self._cues_near("joking", match))
        return laughs and not self.tells_of_now(match)

    def _cues_near(self, kind: str, match: Match) -> Sequence[Match]:
        """The cues of a kind near enough to lower the words; a text made to be slow is one sentence of thousands."""
        cues = self._cues[kind]
        if not cues:
            return ()
        low, high = Match((match.first - _REACH,), ()), Match((match.last + _REACH,), ())
        return cues[bisect_left(cues, low) : bisect_left(cues, high)]

    def _in_one_sentence(self, one: Match, other: Match) -> bool:
        low, high = min(one.first, other.first), max(one.last, other.last)
        return self._sentences[low] == self._sentences[high]

    def _sentence_says(self, match: Match, wanted: frozenset[str]) -> bool:
        low, high = match.first, match.last
        first, last = max(low - _SENTENCE, 0), min(high + _SENTENCE, len(self._words) - 1)
        while low > first and not self.reading.breaks[low]:
            low -= 1
        while high < last and not self.reading.breaks[high + 1]:
            high += 1
        return any(self._words[place] in wanted and not self._is_well_after(place) for place in range(low, high + 1))

    def _is_well_after(self, place: int) -> bool:
        """ "Hoje está ótima", "está bem,": the word speaks of the present, and well. "Está bem ruim" does not."""
        words, reading = self._words, self.reading
        for at in range(place + 1, min(place + 4, len(words))):
            if reading.breaks[at]:
                return False
            if words[at] in _WELL:
                return True
            if words[at] == "bem":
                return at + 1 == len(words) or reading.breaks[at + 1] or reading.commas[at + 1] or words[at + 1] == "e"
        return False


_NOT_WITH = fold_words("não sem nem")
_LINKS = fold_words("no na do da de em nos nas com o a é")
_NEITHER = NONE | fold_words("descarta descartou")
_STATES = THERE_IS | fold_words("temos estamos tendo estive esteve fiquei")
_FEELS = fold_words("sinto sente sentir sentindo")
_ARTICLES = fold_words("o a os as meu minha")
# What a living body does: denied, it is a sign of danger.
_FUNCTIONS = fold_words(
    "respira respirar respirando respiração ar fôlego xixi urina urinar urinou cocô pulso força forças movimento reação"
    " reage responde acorda acordar fala anda mexe mexer mama mamar suga come bebe chora saliva fome sono barulho"
)
_CHILDREN = fold_words(
    "filho filha filhinho filhinha filhos filhas criança crianças criancinha menino menina meninos meninas menininho"
    " menininha neto neta netos netas netinho netinha guri guria moleque sobrinho sobrinha curumim enteado enteada"
    " afilhado afilhada bisneto bisneta caçula gêmeos gêmeas"
)
_BABIES = fold_words(
    "bebê bebês neném nenê recém nascido nascida prematuro prematura rn mama mamar mamando mamou mamadeira mamadas"
    " moleira vida fralda berço umbigo"
)
_YEARS = fold_words("anos aninhos")
_DONE = ("ou", "ei", "iu", "ndo")
_YES = fold_words("sim")
_OF_THE_PLAN = fold_words("cobre cobrem cobertura cobrir carência limite")
_BEING = fold_words("está estou estava é era fica ficou")
_ENDS_LISTS = fold_words("ou nem")
_COUNTED = fold_words("anos ano meses mês semanas semana dias dia kg quilos reais metros centímetros")
_YEARS_IN = {fold_word(unit): years for units, years in _UNITS for unit in units.split()}
_LASTS = fold_words("há faz por uns durante desde quase últimos")
_DRINKS = fold_words("água suco leite bem bastante normal pouco muito líquido líquidos soro normalmente tudo menos chá")
# What happens only to somebody ill: "não sangrou" denies it, other than "não come".
_EVENTS = fold_words(
    "sangra sangram sangrou sangrei sangrando vomita vomitou vomitei vomitando desmaia desmaiou desmaiei incha inchou"
    " inchei convulsionou caiu caí bateu bati engoliu engasga engasgou dói doeu"
)
_TURNS = fold_words(
    "mas porém só apenas somente agora hoje porque que entretanto contudo embora daí aí então começou comecei"
    " continua continuo piorou veio e depois"
) - {"e"}
_SMALL = fold_words("mais muito muita nada me lhe se também ainda já mto tanto nenhuma assim")
_NOW = fold_words(
    "agora hoje novamente novo voltou ainda continua continuo desde piorou piorando piora estou está estamos"
    " direto sempre vez neste nesse instante"
)
_WELL = fold_words("ótimo ótima boa bom melhor curado curada recuperado recuperada estável normal tranquilo tranquila")
_HAPPENS = fold_words("estou está estamos estão sinto sentindo começou comecei tenho agora acabou acabei")
# Where a new clause begins without a comma.
_NEW_CLAUSE = fold_words("mas porém agora hoje atualmente")
_PERSONS = fold_words("eu ele ela nós a gente eles elas")
_REFERS_BACK = fold_words("isso isto foi faz aconteceu")
# Beside a date long ago, these words say that it goes on.
_PRESENT = _NOW | fold_words(
    "tenho tem temos sinto sente sofro sofre bate batem apanho apanha penso pensa quero quer queria vivo vive fico fica"
    " dói doendo vem ontem anteontem amanhã voltando continuo continuam volta começou comecei socorro semana mês noite"
    " dia dias horas minutos"
)
_AGAIN = fold_words("voltou novo novamente continua continuo ainda piorou piorando só mas porém")
_SOMEBODY_NOW = _HAPPENS | fold_words("hoje ontem socorro ajuda urgente repente meu minha ele ela dele dela eu nós")
_MYSELF = fold_words("me mim eu nos comigo quero queria vou penso preciso tomei estou")

SCOPE_WORDS = NOT | _NOT_WITH | _LINKS | _NEITHER | _STATES | _TURNS | _SMALL | _NOW | _HAPPENS

# Words that are written onto others in a hurry: "dornopeito", "naoconsigorespirar".
GLUE_WORDS = (
    _NOT_WITH | _LINKS | fold_words("um uma que se me ele ela eu meu minha muito mais estou está para pra tô tá")
)


def _drinks(words: list[str], at: int) -> bool:
    """ "Bebe água" and "come e bebe" sound as "bebê" does."""
    after = words[at + 1] if at + 1 < len(words) else ""
    return words[at] == "bebe" and (after in _DRINKS or (at > 0 and words[at - 1] in {"e", "mas", "come"}))


def _distance(one: Match, other: Match) -> int:
    return max(one.first - other.last, other.first - one.last, 0)
