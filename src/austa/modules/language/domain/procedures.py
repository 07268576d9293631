"""Words -> procedures of TUSS table 22: names people use first, then the words of the official descriptions."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz, process

from austa.kernel.contracts import Contract
from austa.modules.language.api.entities import Procedure, ProcedureMatch
from austa.modules.language.domain import normalise
from austa.modules.language.domain.normalise import fold_text, fold_word
from austa.modules.language.domain.pattern import Match, PatternSet

# How ANS abbreviates what people write out.
_MODALITIES = (
    (re.compile(r"\b(resonancia nuclear magnetica|resonancia magnetica|resonancia|rnm|rmn)\b"), "rm"),
    (re.compile(r"\b(tomografia computadorizada|tomografia)\b"), "tc"),
    (re.compile(r"\b(ultrasonografia|ultra sonografia|ultrasom|ultra som|ecografia|usg)\b"), "us"),
    (re.compile(r"\b(radiografia|raios x|raio x)\b"), "rx"),
)
_EMPTY_WORDS = frozenset(
    fold_text(
        "de do da dos das e ou com sem a o as os em no na nos nas por para ao um uma meu minha esse essa este esta"
        " que eu preciso quero fazer autorização autorizar exame exames cirurgia procedimento pedido guia médico"
        " pesquisa dosagem tratamento cirúrgico sessão oi olá bom dia boa tarde noite favor você gostaria solicitar"
        " solicitação liberação liberar direito direita esquerdo esquerda"
    ).split()
)
_LEAST_SCORE = 0.55
_BEFORE_SCAN = frozenset(
    [
        "a",
        "minha",
        "da",
        "na",
        "uma",
        "essa",
        "esta",
        "dessa",
        "desta",
        "guia",
        "pedido",
        "autorizar",
        "liberar",
        "marcar",
        "fazer",
        "para",
        "sua",
    ]
)
_AFTER_SCAN = frozenset(("de", "do", "da", "dos", "com"))
_BEFORE_TAKING = frozenset(("eu", "que", "nao", "ja", "se", "so", "tambem", "e", "quando", "ainda", "sempre"))
_CHECK_WEIGHTS = range(8, 1, -1)


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A row of the table as it is kept in memory."""

    code: str
    description: str
    valid_from: date | None
    valid_until: date | None


class _Names(Contract):
    version: str
    classes: dict[str, tuple[str, ...]]
    asking: tuple[str, ...]
    needs_asking: tuple[str, ...]
    names: tuple[tuple[str, tuple[str, ...], float], ...]


class NamedProcedure(NamedTuple):
    """Words that name a procedure. `score`: how surely they mean the first of the codes, 0..1."""

    match: Match
    codes: tuple[str, ...]
    score: float


class ProcedureNames:
    """What members and doctors call procedures, as patterns with the codes they usually mean."""

    def __init__(self, json: bytes) -> None:
        data = _Names.model_validate_json(json)
        self._names = [(codes, score) for _, codes, score in data.names]
        self._patterns = PatternSet([pattern for pattern, _, _ in data.names], classes=data.classes, groups={})
        self._vocabulary = self._patterns.vocabulary()
        self._asking = frozenset(fold_word(word) for word in data.asking)
        self._needs_asking = frozenset(fold_word(word) for word in data.needs_asking)

    def vocabulary(self) -> set[str]:
        """The words that names are made of."""
        return set(self._vocabulary)

    def find_asked(self, words: Sequence[str]) -> list[NamedProcedure]:
        """As `find`, without names of illnesses and of what the blood holds where nobody asks for anything: "minhas
        hemorroidas atacaram", "a glicemia deu 300"."""
        found = self.find(words)
        if len(found) > 1 or not self._asking.isdisjoint(words):
            return found
        return [named for named in found if not self._needs_asking.issuperset(words[at] for at in named.match.places)]

    def find(self, words: Sequence[str]) -> list[NamedProcedure]:
        """Mentions, the most telling first; a mention that shares a word with a more telling one is left out."""
        # Most words of a message are in no name: empty ones cost the patterns nothing.
        telling = [
            word if word in self._vocabulary and (word != "tomo" or _is_a_scan(words, place)) else ""
            for place, word in enumerate(words)
        ]
        found = [
            NamedProcedure(match, *self._names[number])
            for number, conjuncts in self._patterns.find(telling).items()
            for match in conjuncts[0]
        ]
        found.sort(key=lambda named: (-len(named.match.places), named.match.last - named.match.first, -named.score))
        kept: list[NamedProcedure] = []
        taken: set[int] = set()
        for named in found:
            if taken.isdisjoint(named.match.places):
                kept.append(named)
                taken.update(named.match.places)
        return kept


class ProcedureIndex:
    """Table 22 with an index of the words of its descriptions."""

    def __init__(self, rows: Sequence[ProcedureRow], names: ProcedureNames, today: date) -> None:
        self._rows = {row.code: row for row in rows}
        self._names = names
        self._today = today
        self._codes = [row.code for row in rows if self._is_in_force(row)]
        self._rows_of: dict[str, list[int]] = {}
        self._lengths: list[int] = []
        for number, code in enumerate(self._codes):
            words = set(_content(self._rows[code].description))
            self._lengths.append(len(words))
            for word in words:
                self._rows_of.setdefault(word, []).append(number)
        self._vocabulary = list(self._rows_of)

    def get(self, code: str) -> Procedure | None:
        row = self._rows.get(re.sub(r"\D", "", code))
        return self._procedure(row) if row else None

    def matches(self, codes: Sequence[str], score: float) -> tuple[ProcedureMatch, ...]:
        """Procedures in force with these codes, each a little less likely than the one before."""
        found = (self.get(code) for code in codes)
        return tuple(
            ProcedureMatch(procedure=procedure, score=round(score * 0.9**place, 3))
            for place, procedure in enumerate(procedure for procedure in found if procedure and procedure.in_force)
        )

    def find(self, words: str, limit: int) -> tuple[ProcedureMatch, ...]:
        """By name people use, then by words of the description."""
        scores: dict[str, float] = {}
        for named in self._names.find(normalise.read([words]).words):
            for found in self.matches(named.codes, 0.9 + 0.02 * min(len(named.match.places), 5)):
                code = found.procedure.code
                scores[code] = max(scores.get(code, 0.0), found.score)
        for code, score in self._by_description(words):
            scores[code] = max(scores.get(code, 0.0), score)
        ranked = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))[:limit]
        return tuple(ProcedureMatch(procedure=self._procedure(self._rows[code]), score=score) for code, score in ranked)

    def _by_description(self, words: str) -> list[tuple[str, float]]:
        wanted = {word: self._spelled(word) for word in dict.fromkeys(_content(words))}
        weights = {word: self._weight(spelled) for word, spelled in wanted.items()}
        total = sum(weights.values())
        if not total:
            return []
        gained: dict[int, float] = {}
        for word, spelled in wanted.items():
            for number in {number for form in spelled for number in self._rows_of[form]}:
                gained[number] = gained.get(number, 0.0) + weights[word]
        found = []
        for number, gain in gained.items():
            share = gain / total
            if share >= _LEAST_SCORE:
                brevity = min(1.0, len(wanted) / self._lengths[number])
                found.append((self._codes[number], round(min(0.98, 0.8 * share + 0.18 * brevity), 3)))
        return found

    def _spelled(self, word: str) -> list[str]:
        """The word as the table writes it, or words that differ by a slip."""
        if word in self._rows_of:
            return [word]
        if len(word) < 5:
            return []
        near = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=84, limit=3)
        return [found for found, _, _ in near]

    def _weight(self, spelled: list[str]) -> float:
        # A word the table does not know still counts, so that one common word is no match for a long question.
        rows = min((len(self._rows_of[form]) for form in spelled), default=0)
        return math.log(1 + len(self._codes) / (1 + rows)) if spelled else 2.0

    def _procedure(self, row: ProcedureRow) -> Procedure:
        return Procedure(
            code=row.code,
            description=row.description,
            in_force=self._is_in_force(row),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )

    def _is_in_force(self, row: ProcedureRow) -> bool:
        return (row.valid_from is None or row.valid_from <= self._today) and (
            row.valid_until is None or self._today <= row.valid_until
        )


def _is_a_scan(words: Sequence[str], place: int) -> bool:
    """ "a tomo de tórax" is an examination; "tomo losartana" is not."""
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    return before in _BEFORE_SCAN or (after in _AFTER_SCAN and before not in _BEFORE_TAKING)


def has_doubtful_check_digit(code: str) -> bool:
    """Eight digits whose last is not the mod-11 check digit (weights 8..2, 10 and above count as 0)."""
    digits = [int(ch) for ch in code if ch.isdigit()]
    if len(digits) != 8:
        return True
    rest = 11 - sum(d * w for d, w in zip(digits[:7], _CHECK_WEIGHTS, strict=True)) % 11
    return digits[7] != (0 if rest >= 10 else rest)


def _content(text: str) -> list[str]:
    folded = fold_text(text)
    for pattern, short in _MODALITIES:
        folded = pattern.sub(short, folded)
    return [_singular(word) for word in folded.split() if word not in _EMPTY_WORDS]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") else word
