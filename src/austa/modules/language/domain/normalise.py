"""Text as members write it -> words as the lexicon knows them, each with its place in the original.

Folding is the same for messages and lexicon: lower case, no accents, no repeated letters ("doooor", "passou" ->
"dor", "pasou"), abbreviations written out. So case, accents and repeats cannot change a finding. Zero-width and
direction marks vanish; digits stay as they are and stand apart from letters ("40graus").
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from austa.modules.language.domain.spelling import Speller, squeeze

_SENTENCE_ENDS = frozenset(".!?;\n\r…。！？")
_COMMAS = frozenset(",:")
_EMOJI = {
    "🆘": "socorro", "🩸": "sangue", "🚑": "ambulancia", "🤮": "vomitando", "🤢": "enjoo", "🤒": "febre",
    "🌡": "febre", "💀": "morto", "☠": "veneno", "🔪": "faca", "🗡": "faca", "🔫": "arma", "💊": "remedio",
    "💉": "injecao", "👶": "bebe", "🍼": "bebe", "🤰": "gravida", "🔥": "fogo", "🐍": "cobra", "🦂": "escorpiao",
    "🕷": "aranha", "🥵": "calor", "😵": "tonto", "💔": "coracao", "🫀": "coracao", "🫁": "pulmao", "🧠": "cabeca",
    "😂": "risos", "🤣": "risos", "😆": "risos", "😹": "risos", "⚰": "morrer", "🚨": "emergencia",
}  # fmt: skip

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
    "peto": "peito", "tenhu": "tenho",
    "cosigo": "consigo", "consgo": "consigo", "xorando": "chorando",
    "autorizacaum": "autorizacao", "hrs": "horas", "min": "minutos", "mins": "minutos", "seg": "segundos",
    "gnt": "gente", "gt": "gente", "mermao": "meu irmao", "pessu": "peço", "psoa": "pessoa", 
    "cuma": "com uma", "cum": "com um", "numa": "em uma", "duma": "de uma", "dum": "de um", "sobr": "sobre",
    "vms": "vamos", "vamu": "vamos", "flr": "falar", "flw": "falou", "ngc": "negocio",
    "ajd": "ajuda", "hosp": "hospital", "hsp": "hospital", "amb": "ambulancia", "med": "medico", "dt": "doutor",
    "sat": "saturacao", "spo": "saturacao", "temp": "temperatura",
    "tax": "temperatura", "hgt": "glicose", "bpm": "batimentos", "fc": "batimentos", "pa": "pressao",
    "glice": "glicose", "batim": "batimentos", "conciencia": "consciencia", "vom": "vomitando",
    "filhinhu": "filho", "fi": "filho", "fia": "filha", "vey": "velho", "vei": "velho",
    "cad": "cade", "ql": "qual", "qm": "quem", "qlq": "qualquer", "smp": "sempre", "dsd": "desde",
    "desd": "desde", "mei": "meio", "muinto": "muito", "mutio": "muito", "muto": "muito", "ficano": "ficando",
    "prox": "proximo", "ressonacia": "ressonancia", "resonancia": "ressonancia",
}  # fmt: skip
"""What people type -> what they mean. Keys are folded, but not freed of repeats ("bb")."""

_SLASHED = {"p": "para", "c": "com", "s": "sem", "n": "nao", "d": "de"}

_SPOKEN_NOT = "num"
"""Before these words the "não" of much of Brazil; before others it is "em um" ("num hospital")."""

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


def read(messages: Iterable[str], speller: Speller | None = None) -> Reading:
    """Words of the messages, oldest first; the last one is message 0."""
    texts = list(messages)
    reading = Reading()
    for back, text in enumerate(texts, start=1 - len(texts)):
        _read_one(text, back, reading, speller)
    return reading


def fold_word(word: str) -> str:
    """One word as the lexicon holds it."""
    return squeeze("".join(ch for ch in word.translate(_FOLDED) if ch.isalnum()))


def fold_words(words: str) -> frozenset[str]:
    """Several words, with spaces between, as the lexicon holds them."""
    return frozenset(fold_word(word) for word in words.split())


def fold_text(text: str) -> str:
    """A whole text as words with one space between them."""
    return " ".join(read([text]).words)


def number_value(word: str) -> int | None:
    """The number a word says, in digits or letters."""
    if word.isdigit() and len(word) <= 6:
        return int(word)
    return _NUMBERS.get(word)


def _fold_character(character: str) -> str:
    """Letters and digits in their plain form, emoji as words of their own, one mark for each kind of stop."""
    if character in _EMOJI:
        return f" {_EMOJI[character]} "
    if character in _SENTENCE_ENDS:
        return "."
    if character in _COMMAS:
        return ","
    if character == "/":
        return "/"
    if unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return ""
    decomposed = unicodedata.normalize("NFKD", character)
    plain = "".join(ch for ch in decomposed if not unicodedata.combining(ch)).lower()
    if plain.isalpha() or (plain.isdecimal() and plain.isascii()):
        return plain
    return " "


class _Folding(dict[int, str]):
    """A table for `str.translate` that learns each character once; it forgets when a text of all characters comes."""

    def __missing__(self, code: int) -> str:
        if len(self) > _MOST_CHARACTERS:
            self.clear()
        folded = self[code] = _fold_character(chr(code))
        return folded


_MOST_CHARACTERS = 4096
_FOLDED = _Folding()
_TOKEN = re.compile(r"([^\W\d_]+|[0-9]+)(/?)|[.,]")
_LONGEST_REMEMBERED = 40


class _Piece(NamedTuple):
    """What stands between two spaces. `words`: each with its start, its end, and whether a sentence ends or a comma
    stands before it. `ends`, `pauses`: the same after the last."""

    words: tuple[tuple[str, int, int, bool, bool], ...]
    ends: bool
    pauses: bool


def _read_one(text: str, message: int, reading: Reading, speller: Speller | None) -> None:
    folded = text.translate(_FOLDED)
    words, starts, ends, breaks, commas = reading.words, reading.starts, reading.ends, reading.breaks, reading.commas
    first = len(words)
    starts_sentence, comma = True, False
    begin = 0
    for piece in folded.split(" "):
        if piece:
            told, stop, pause = (
                _piece(piece, speller) if len(piece) <= _LONGEST_REMEMBERED else _read_piece(piece, speller)
            )
            for word, start, end, after_stop, after_comma in told:
                words.append(word)
                starts.append(begin + start)
                ends.append(begin + end)
                breaks.append(after_stop or starts_sentence)
                commas.append(after_comma or comma)
                starts_sentence = comma = False
            starts_sentence |= stop
            comma |= pause
        begin += len(piece) + 1
    # Most texts keep their length when folded; in others each folded character must be led back to where it came from.
    if not text.isascii() and (len(folded) != len(text) or not _EMOJI.keys().isdisjoint(text)):
        origin = [at for at, character in enumerate(text) for _ in _FOLDED[ord(character)]]
        starts[first:] = [origin[start] for start in starts[first:]]
        ends[first:] = [origin[end - 1] + 1 for end in ends[first:]]
    for at in range(first, len(words) - 1):
        if words[at] == _SPOKEN_NOT and words[at + 1] in _AFTER_SPOKEN_NOT:
            words[at] = "nao"
    reading.messages += [message] * (len(words) - first)


def _read_piece(piece: str, speller: Speller | None) -> _Piece:
    words: list[tuple[str, int, int, bool, bool]] = []
    stop = pause = False
    for token in _TOKEN.finditer(piece):
        raw, slash = token.groups()
        if raw is None:
            at = token.start()
            # "39.5" and "1.234" are numbers, not sentences.
            inside_number = 0 < at < len(piece) - 1 and piece[at - 1].isdigit() and piece[at + 1].isdigit()
            if piece[at] == ",":
                pause = True
            elif not inside_number:
                stop = True
            continue
        start, end = token.span(1)
        for word in _written_out(raw, slash, speller):
            words.append((word, start, end, stop, pause))
            stop = pause = False
    return _Piece(tuple(words), stop, pause)


_piece = lru_cache(maxsize=16384)(_read_piece)


@lru_cache(maxsize=16384)
def _written_out(raw: str, slash: str, speller: Speller | None) -> tuple[str, ...]:
    """The words that a token stands for; at least one."""
    if raw.isdigit():
        return (raw,)
    if slash and raw in _SLASHED:
        return (_SLASHED[raw],)
    meant = ABBREVIATIONS.get(raw)
    if meant is None:
        word = squeeze(raw)
        meant = _SQUEEZED_ABBREVIATIONS.get(word)
        if meant is None:
            return speller.mend(word) if speller else (word,)
    return tuple(squeeze(word) for word in meant.split())


_SQUEEZED_ABBREVIATIONS = {squeeze(short): meant for short, meant in ABBREVIATIONS.items() if len(squeeze(short)) > 1}
_NUMBERS = {squeeze(word): value for word, value in _NUMBER_WORDS.items()}

_AFTER_SPOKEN_NOT = fold_words(
    "estou está estava sei sabe consigo consegue conseguia posso pode podia quero quer queria tem tenho tinha vou vai"
    " vamos foi era é aguento guento aguenta guenta sinto sente sentia respira respiro acorda acordo responde"
    " para parou melhora melhorou passa passou come comeu bebe bebeu mama mamou mexe mexeu fala falou falo anda"
    " ando andou dá deu dei vejo viu vi enxergo enxerga durmo dorme dormiu faz fez fiz fica ficou sai saiu deixa deixou"
    " adianta adiantou aceita aceitou toma tomei tomou tomo dou existe acho me se te lhe"
)
