"""Text as members write it -> words as the lexicon knows them, each with its place in the original.

Folding is the same for messages and lexicon: lower case, no accents, no repeated letters ("doooor", "passou" ->
"dor", "pasou"), abbreviations written out. So case, accents and repeats cannot change a finding. Zero-width and
direction marks vanish; digits stay as they are and stand apart from letters ("40graus").
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

_SENTENCE_ENDS = frozenset(".!?;\n\r…")
_COMMAS = frozenset(",:")
_EMOJI = {"🆘": "socorro", "🩸": "sangue", "🚑": "ambulancia", "🤮": "vomitando", "🤒": "febre", "💀": "morto"}

ABBREVIATIONS: Mapping[str, str] = {
    "vc": "voce", "vcs": "voces", "ce": "voce", "c": "com", "tb": "tambem", "tbm": "tambem", "tmb": "tambem",
    "n": "nao", "nn": "nao", "naum": "nao", "nau": "nao", 
    "to": "estou", "tou": "estou", "tow": "estou", "toh": "estou", "estow": "estou", "istou": "estou",
    "ta": "esta", "tah": "esta", "tao": "estao", "tava": "estava", "tavam": "estavam", "tamo": "estamos",
    "tamos": "estamos", 
    "mt": "muito", "mto": "muito", "mta": "muita", "mtu": "muito", "mtos": "muitos", "mui": "muito",
    "q": "que", "ki": "que", "oq": "o que", "oque": "o que", "pq": "porque", "hj": "hoje", "agr": "agora",
    "dps": "depois", "cmg": "comigo", "bb": "bebe", "bbs": "bebes", "nenem": "bebe", "nene": "bebe",
    "bebezinho": "bebe", "bebezinha": "bebe", "qdo": "quando", "qnd": "quando", "qndo": "quando",
    "qto": "quanto", "qnto": "quanto", "eh": "e", "td": "tudo", "tds": "todos", "tdo": "tudo", "msm": "mesmo",
    "pra": "para", "pro": "para o", "pras": "para as", "pros": "para os", "p": "para", "nd": "nada",
    "ngm": "ninguem", "obg": "obrigado", "obgd": "obrigado", "obgda": "obrigada", "vlw": "valeu", "brigado": "obrigado",
    "brigada": "obrigada", "qro": "quero", "kero": "quero", "axo": "acho", "aki": "aqui", "aq": "aqui", "d": "de",
    "pfv": "por favor", "pfvr": "por favor", "pf": "por favor", "porfavor": "por favor", "plis": "por favor",
    "cmo": "como", "cm": "com", "blz": "beleza", "ond": "onde", "dr": "doutor", "dra": "doutora", "doc": "documento",
    "mainha": "mae", "painho": "pai", "voinha": "vo", "vozinha": "vo", "vovo": "vo",
    "resp": "resposta", "peto": "peito", "tenhu": "tenho",
    "cosigo": "consigo", "consgo": "consigo", "xorando": "chorando",
    "autorizacaum": "autorizacao", "hrs": "horas", "min": "minutos", "mins": "minutos", "seg": "segundos",
    "prox": "proximo", "ressonacia": "ressonancia", "resonancia": "ressonancia",
}  # fmt: skip
"""What people type -> what they mean. Keys are folded, but not freed of repeats ("bb")."""

_SLASHED = {"p": "para", "c": "com", "s": "sem", "n": "nao", "d": "de"}

_NUMBER_WORDS = {
    "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8,
    "nove": 9, "dez": 10, "onze": 11, "doze": 12, "quinze": 15, "vinte": 20, "trinta": 30, "quarenta": 40,
    "cinquenta": 50, "sessenta": 60, "setenta": 70, "oitenta": 80, "noventa": 90, "cem": 100, "duzentos": 200,
    "trezentos": 300, "quatrocentos": 400, "quinhentos": 500,
}  # fmt: skip


@dataclass(slots=True)
class Reading:
    """The words of one or more messages in order; the lists are parallel.

    `starts` and `ends` point into the message the word came from; `messages` counts back from 0, the newest.
    `breaks[i]`: a sentence ends before word i; `commas[i]`: a comma stands before word i.
    """

    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    breaks: list[bool] = field(default_factory=list)
    commas: list[bool] = field(default_factory=list)

    def add(self, word: str, start: int, end: int, message: int, *, starts_sentence: bool, comma: bool) -> None:
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)
        self.messages.append(message)
        self.breaks.append(starts_sentence)
        self.commas.append(comma)


class Speller:
    """Mends one slip of the finger in words of five letters or more, towards words that matter.

    Deletion neighbourhoods (as SymSpell keeps them) make a look-up independent of the size of the vocabulary.
    `kept`: real words that lie one slip from one that matters ("jeito", "perto" next to "peito"); so are words that
    begin with one of `beginnings`.
    """

    def __init__(self, vocabulary: Iterable[str], kept: Iterable[str], beginnings: Iterable[str] = ()) -> None:
        self._known = frozenset(vocabulary)
        self._kept = frozenset(kept) | self._known
        self._beginnings = tuple(beginnings)
        self._neighbours: dict[str, list[str]] = {}
        for word in sorted(word for word in self._known if len(word) >= 5):
            for short in {word, *_deletions(word)}:
                self._neighbours.setdefault(short, []).append(word)

    def mend(self, word: str) -> str:
        """The word that was meant, or the word itself."""
        if len(word) < 5 or len(word) > 24 or word in self._kept or word.startswith(self._beginnings):
            return word
        for short in (word, *_deletions(word)):
            for candidate in self._neighbours.get(short, ()):
                if OSA.distance(word, candidate, score_cutoff=1) <= 1:
                    return candidate
        return word


def read(messages: Iterable[str], speller: Speller | None = None) -> Reading:
    """Words of the messages, oldest first; the last one is message 0."""
    texts = list(messages)
    reading = Reading()
    for back, text in enumerate(texts, start=1 - len(texts)):
        _read_one(text, back, reading, speller)
    return reading


def fold_word(word: str) -> str:
    """One word as the lexicon holds it."""
    return squeeze("".join(fold_character(ch)[1] for ch in word))


def fold_text(text: str) -> str:
    """A whole text as words with one space between them."""
    return " ".join(read([text]).words)


def squeeze(word: str) -> str:
    """Repeated letters said once: "passou" -> "pasou". Digits stay."""
    return "".join(ch for at, ch in enumerate(word) if at == 0 or ch != word[at - 1] or ch.isdigit())


def number_value(word: str) -> int | None:
    """The number a word says, in digits or letters."""
    if word.isdigit() and len(word) <= 6:
        return int(word)
    return _NUMBERS.get(word)


@lru_cache(maxsize=4096)
def fold_character(character: str) -> tuple[str, str]:
    """What a character does: letter, digit, emoji word, sentence end, comma, space, or nothing; and what it becomes."""
    if character in _EMOJI:
        return "emoji", _EMOJI[character]
    if character in _SENTENCE_ENDS:
        return "end", ""
    if character in _COMMAS:
        return "comma", ""
    if unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return "nothing", ""
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", character) if not unicodedata.combining(ch)).lower()
    if plain.isdecimal() and plain.isascii():
        return "digit", plain
    if plain.isalpha():
        return "letter", plain
    return "space", ""


def _read_one(text: str, message: int, reading: Reading, speller: Speller | None) -> None:
    raw, start, end, kind = "", 0, 0, "space"
    state = {"sentence": True, "comma": False}

    def flush(slashed: bool = False) -> None:
        nonlocal raw
        if raw:
            expanded = _SLASHED.get(raw) if slashed else None
            for word in (expanded or _written_out(raw, speller)).split():
                reading.add(word, start, end, message, starts_sentence=state["sentence"], comma=state["comma"])
                state["sentence"] = state["comma"] = False
        raw = ""

    for at, character in enumerate(text):
        does, becomes = fold_character(character)
        if does == "nothing":
            continue
        if does in {"letter", "digit"}:
            if raw and does != kind:
                flush()
            if not raw:
                start = at
            raw, end, kind = raw + becomes, at + 1, does
            continue
        flush(slashed=character == "/")
        if does == "emoji":
            raw, start, end, kind = becomes, at, at + 1, "emoji"
            flush()
        elif does == "end":
            # "39.5" and "1.234" are numbers, not sentences.
            inside_number = 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()
            state["sentence"] = state["sentence"] or not inside_number
        elif does == "comma":
            state["comma"] = True
    flush()


def _written_out(raw: str, speller: Speller | None) -> str:
    meant = ABBREVIATIONS.get(raw)
    if meant is None:
        word = squeeze(raw)
        meant = _SQUEEZED_ABBREVIATIONS.get(word)
        if meant is None:
            return speller.mend(word) if speller else word
    return " ".join(squeeze(word) for word in meant.split())


def _deletions(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


_SQUEEZED_ABBREVIATIONS = {squeeze(short): meant for short, meant in ABBREVIATIONS.items() if len(squeeze(short)) > 1}
_NUMBERS = {squeeze(word): value for word, value in _NUMBER_WORDS.items()}
