"""The intent model: hashed pieces of words and a sentence vector, weighed by one linear head.

The head is `intent_model.npz` (arrays, never pickle) with `intent_model.json` beside it: labels, calibration, bars,
what it was trained on, and the hash that the arrays must have. `austa train intents` writes both.
"""

import hashlib
import io
from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from austa.kernel.contracts import Contract
from austa.modules.language.adapters.encoder import SentenceEncoder, Vectors
from austa.modules.language.domain.intents import Bars, Readable, Scores
from austa.modules.language.domain.ngrams import BUCKETS, hash_pieces, hash_words, split_words

BLOCKS = 2
"""Pieces of words, and words with their pairs: each block has its own hash table and length 1."""


class HeadCard(Contract):
    """What `intent_model.json` says. `sha256`: of the arrays.

    `temperature` divides the intents' logits; `emergency_slope` and `emergency_offset` calibrate the second reader
    (Platt). Both were fitted on predictions for authors that the model had not read.
    """

    version: str
    sha256: str
    labels: tuple[Readable, ...]
    vector_weight: float
    temperature: float
    emergency_slope: float
    emergency_offset: float
    bars: Bars
    trained_on: dict[str, str]
    """The hash of each file of the corpus."""


class OftenSaid(Contract):
    """What `often_said.json` says: texts in small letters."""

    why: str
    texts: tuple[str, ...]

    def forms(self) -> set[str]:
        """Each as it stands, as a telephone begins it, and as buttons are titled; with a mark behind it or without."""
        begun = {form for text in self.texts for form in (text, text[:1].upper() + text[1:], text.upper())}
        return begun | {f"{form}{mark}" for form in begun for mark in "!." if form[-1:].isalnum()}


class IntentModel:
    """Reads texts and says how probable each intent is, and an emergency.

    `often_said`: texts that are nobody's in particular. What is made of them is remembered, of nothing else.
    """

    def __init__(
        self, card: HeadCard, arrays: bytes, encoder: SentenceEncoder, often_said: Collection[str] = ()
    ) -> None:
        if hashlib.sha256(arrays).hexdigest() != card.sha256:
            raise ValueError("intent_model.npz is not the file that intent_model.json describes")
        with np.load(io.BytesIO(arrays), allow_pickle=False) as stored:
            self._idf = stored["idf"].astype(np.float32)
            self._weights = stored["weights"].astype(np.float32)
            self._of_vector = stored["of_vector"].astype(np.float32)
            self._bias = stored["bias"].astype(np.float32)
        self._card = card
        self._encoder = encoder
        self._often_said: dict[str, Scores | None] = dict.fromkeys(often_said)
        self.bars = card.bars
        self.version = f"{card.version}+{card.sha256[:8]}"

    def read(self, texts: Sequence[str]) -> tuple[Scores, ...]:
        """Calibrated probabilities for each text."""
        known = [self._often_said.get(text) for text in texts]
        new = [text for text, scores in zip(texts, known, strict=True) if scores is None]
        read = iter(self._read(new) if new else ())
        found = tuple(scores or next(read) for scores in known)
        self._often_said.update(
            (text, scores) for text, scores in zip(texts, found, strict=True) if text in self._often_said
        )
        return found

    def _read(self, texts: Sequence[str]) -> tuple[Scores, ...]:
        logits = self.logits(texts)
        card = self._card
        cold = logits[:, :-1] / card.temperature
        intents = np.exp(cold - cold.max(axis=1, keepdims=True))
        intents /= intents.sum(axis=1, keepdims=True)
        emergency = 1 / (1 + np.exp(-(card.emergency_slope * logits[:, -1] + card.emergency_offset)))
        # What is a bare answer or a fragment tells of no emergency; the red-flag layer reads it all the same.
        emergency *= 1 - intents[:, card.labels.index("none")]
        return tuple(
            Scores(intents=tuple(zip(card.labels, (float(p) for p in row), strict=True)), emergency=float(probability))
            for row, probability in zip(intents, emergency, strict=True)
        )

    def logits(self, texts: Sequence[str]) -> Vectors:
        """A row for each text: the intents in the order of the labels, then the emergency."""
        rows: Vectors = self._card.vector_weight * self._encoder.encode(texts) @ self._of_vector + self._bias
        for block, hashed in enumerate(zip(*map(hash_blocks, texts), strict=True)):
            self._add_block(rows, block, hashed)
        return rows

    def _add_block(self, rows: Vectors, block: int, hashed: Sequence["array[int]"]) -> None:
        """Adds what the buckets of each text weigh: the more often, the more, and all of a text together 1."""
        text_of = np.repeat(np.arange(len(hashed)), [len(buckets) for buckets in hashed])
        keys, times = np.unique(text_of * BUCKETS + np.concatenate(hashed), return_counts=True)
        text_of, buckets = np.divmod(keys, BUCKETS)
        values = (1 + np.log(times.astype(np.float32))) * self._idf[block, buckets]
        telling = values > 0
        text_of, buckets, values = text_of[telling], buckets[telling], values[telling]
        lengths = np.sqrt(np.bincount(text_of, values * values, len(hashed))).astype(np.float32)
        weighed = (values / lengths[text_of])[:, None] * self._weights[block, buckets]
        first = np.flatnonzero(np.diff(text_of, prepend=-1))
        rows[text_of[first]] += np.add.reduceat(weighed, first)


def hash_blocks(text: str) -> tuple["array[int]", "array[int]"]:
    """What the model reads in a text: the buckets of each block, as often as they occur."""
    words = split_words(text)
    return hash_pieces(words), hash_words(words)


def count_blocks(text: str) -> tuple[Counter[int], Counter[int]]:
    """The same, counted: for training."""
    pieces, words = hash_blocks(text)
    return Counter(pieces), Counter(words)


@cache
def load_model() -> IntentModel:
    """The shipped model, loaded once in a process.

    Errors: OSError, ImportError or ValueError when a part is missing or does not fit.
    """
    folder = files("austa.modules.language.adapters")
    card = HeadCard.model_validate_json(folder.joinpath("intent_model.json").read_bytes())
    arrays = folder.joinpath("intent_model.npz").read_bytes()
    often_said = OftenSaid.model_validate_json(folder.joinpath("often_said.json").read_bytes())
    return IntentModel(card, arrays, SentenceEncoder(), often_said.forms())
