"""Trains the head of the intent model from the corpora, and measures it on authors it has not read.

Every figure here comes from leave-one-author-out: the file of one author is put aside, the head is fitted on the
others, and asked about the one put aside. Calibration and bars are fitted on those answers; the shipped head is then
fitted on everything. Two runs on one machine give the same bytes.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from austa.bench.corpora import read_rows
from austa.kernel.contracts import Contract
from austa.kernel.errors import Invalid
from austa.modules.language.adapters.encoder import SentenceEncoder
from austa.modules.language.adapters.intent_model import BLOCKS, HeadCard, count_blocks
from austa.modules.language.domain.intents import Bars, Readable
from austa.modules.language.domain.ngrams import BUCKETS
from austa.modules.language.domain.redflags import Lexicon, load_lexicon

LABELS: tuple[Readable, ...] = (
    "symptom_report",
    "authorization_request",
    "authorization_status",
    "appointment_booking",
    "general_inquiry",
    "emergency_situation",
    "medication_question",
    "out_of_scope",
    "none",
)
WHOLE = "train-"
"""Files with messages of all intents, one author each; figures are about these."""
PARTS = 3
"""The bare answers are put aside by thirds: all of them come from one file."""
VECTOR_WEIGHT = 0.7
"""Of the sentence vector beside the two blocks of length 1; the best of 0.5, 0.7 and 1."""
INVERSE_PENALTY = 0.5
"""Of the margins; the best of 0.1, 0.2, 0.5 and 1."""
DOUBTED = 0.7
LEFT_ALONE = 0.97
"""Of messages that are no emergency the second reader leaves so many alone: its false alarms come on top of the
layer's, and a nurse sees each. The bar asks the model alone, so that it does not age with the lexicon."""
RIGHT_OF_SECOND = 0.6
ENOUGH = 0.4

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


class IntentRow(Contract):
    """A line of the intents corpus. `labels`: all that are meant, when there are several; the first is `label`."""

    text: str
    label: Readable
    labels: tuple[Readable, ...] = ()
    tags: tuple[str, ...] = ()


class FlagRow(Contract):
    """A line of the red-flags corpus."""

    id: str
    text_pt: str
    label: str
    category: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Corpus:
    """Messages of all authors. `label` is -1 where a message says only whether it is an emergency."""

    texts: list[str]
    authors: npt.NDArray[np.str_]
    label: Labels
    also: list[frozenset[int]]
    emergency: npt.NDArray[np.bool_]
    hashes: dict[str, str]


@dataclass(frozen=True)
class Weights:
    """One fitted head; the last column is the emergency."""

    idf: Floats
    weights: Floats
    of_vector: Floats
    bias: Floats


def read_corpus(folder: Path) -> Corpus:
    """The intents of every author and the red flags, from `corpora/language`.

    Errors: those of `read_rows`; `bench.no_corpus` when there is no file.
    """
    texts: list[str] = []
    authors: list[str] = []
    labels: list[int] = []
    also: list[frozenset[int]] = []
    emergency: list[bool] = []
    files = sorted(folder.glob("intents/*.jsonl"))
    flags = sorted(folder.glob("red-flags/*.jsonl"))
    if not files or not flags:
        raise Invalid("bench.no_corpus", f"{folder} holds no intents/*.jsonl or no red-flags/*.jsonl")
    for file in files:
        rows = read_rows(file, IntentRow)
        for at, row in enumerate(rows):
            texts.append(row.text)
            authors.append(file.stem if file.stem.startswith(WHOLE) else f"{file.stem}-{PARTS * at // len(rows)}")
            labels.append(LABELS.index(row.label))
            also.append(frozenset(LABELS.index(label) for label in row.labels) - {labels[-1]})
            emergency.append(row.label == "emergency_situation")
    for file in flags:
        for flag in read_rows(file, FlagRow):
            texts.append(flag.text_pt)
            authors.append(f"red-flags-{file.stem}")
            emergency.append(flag.label == "emergency")
            labels.append(-1)
            also.append(frozenset())
    return Corpus(
        texts,
        np.array(authors),
        np.array(labels),
        also,
        np.array(emergency),
        {
            file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in (*files, *flags)
        },
    )


class Trainer:
    """Holds the features of a corpus, computed once."""

    def __init__(self, corpus: Corpus, encoder: SentenceEncoder) -> None:
        from scipy.sparse import csr_matrix

        self._corpus = corpus
        counted = [count_blocks(text) for text in corpus.texts]
        size = (len(counted), BUCKETS)
        self._blocks = [
            csr_matrix(_sparse([counts[block] for counts in counted]), shape=size) for block in range(BLOCKS)
        ]
        batches = [corpus.texts[at : at + 16] for at in range(0, len(corpus.texts), 16)]
        self._vectors = np.vstack([encoder.encode(batch) for batch in batches]).astype(np.float64)

    def fit(self, chosen: npt.NDArray[np.bool_]) -> Weights:
        """A head fitted on the chosen messages."""
        from scipy.sparse import csr_matrix, hstack
        from sklearn.svm import LinearSVC

        idf = np.stack([_idf(block[chosen]) for block in self._blocks])
        features = hstack(
            [
                *(_scaled(block, idf[at]) for at, block in enumerate(self._blocks)),
                csr_matrix(VECTOR_WEIGHT * self._vectors),
            ]
        ).tocsr()
        corpus = self._corpus
        known = chosen & (corpus.label >= 0)
        intents = LinearSVC(C=INVERSE_PENALTY, random_state=0).fit(features[known], corpus.label[known])
        urgent = LinearSVC(C=INVERSE_PENALTY, random_state=0).fit(features[chosen], corpus.emergency[chosen])
        columns = np.vstack([intents.coef_, urgent.coef_])
        blocks = columns[:, : BLOCKS * BUCKETS].reshape(len(columns), BLOCKS, BUCKETS)
        return Weights(
            idf=idf,
            weights=np.moveaxis(blocks, 0, 2),
            of_vector=columns[:, BLOCKS * BUCKETS :].T,
            bias=np.concatenate([intents.intercept_, urgent.intercept_]),
        )

    def logits(self, head: Weights, chosen: npt.NDArray[np.bool_]) -> Floats:
        """What a head says of the chosen messages."""
        total: Floats = VECTOR_WEIGHT * self._vectors[chosen] @ head.of_vector + head.bias
        for at, block in enumerate(self._blocks):
            total += _scaled(block[chosen], head.idf[at]) @ head.weights[at]
        return total

    def left_out(self) -> Floats:
        """The logits of every message, by a head that has not read its author."""
        authors = self._corpus.authors
        total = np.zeros((len(authors), len(LABELS) + 1))
        for author in sorted(set(authors)):
            aside = authors == author
            total[aside] = self.logits(self.fit(~aside), aside)
        return total


def _sparse(counters: Sequence[Counter[int]]) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    ends = np.cumsum([0, *(len(counter) for counter in counters)])
    values = np.array([count for counter in counters for count in counter.values()], dtype=np.float64)
    buckets = np.array([bucket for counter in counters for bucket in counter], dtype=np.int64)
    return 1 + np.log(values), buckets, ends


def _idf(block: Any) -> Floats:
    """The weight of each bucket by how few messages have it; what a single message has says nothing."""
    held = np.bincount(block.indices, minlength=BUCKETS)
    weight: Floats = np.where(held >= 2, np.log((1 + block.shape[0]) / (1 + held)) + 1, 0.0)
    return weight


def _scaled(block: Any, idf: Floats) -> Any:
    from scipy.sparse import diags
    from sklearn.preprocessing import normalize

    return normalize(block @ diags(idf)).tocsr()


@dataclass(frozen=True)
class Calibration:
    """What makes probabilities of logits."""

    temperature: float
    slope: float
    offset: float

    def intents(self, logits: Floats) -> Floats:
        """Probabilities of the intents."""
        cold = logits[:, :-1] / self.temperature
        shifted = np.exp(cold - cold.max(axis=1, keepdims=True))
        probable: Floats = shifted / shifted.sum(axis=1, keepdims=True)
        return probable

    def emergency(self, logits: Floats) -> Floats:
        """The probability of an emergency; what is a bare answer or a fragment tells of none."""
        probable: Floats = 1 / (1 + np.exp(-(self.slope * logits[:, -1] + self.offset)))
        return probable * (1 - self.intents(logits)[:, LABELS.index("none")])


def calibrate(corpus: Corpus, logits: Floats) -> Calibration:
    """Fit the temperature and the second reader's slope and offset on answers about authors not read."""
    from sklearn.linear_model import LogisticRegression

    known = is_of_intents(corpus)
    temperatures = np.arange(0.1, 3.0, 0.02)
    losses = []
    for temperature in temperatures:
        probable = Calibration(float(temperature), 1, 0).intents(logits[known])
        losses.append(-np.log(probable[np.arange(len(probable)), corpus.label[known]] + 1e-12).mean())
    platt = LogisticRegression(C=1e6).fit(logits[:, -1:], corpus.emergency)
    return Calibration(
        round(float(temperatures[int(np.argmin(losses))]), 2),
        round(float(platt.coef_[0, 0]), 4),
        round(float(platt.intercept_[0]), 4),
    )


def choose_bars(corpus: Corpus, logits: Floats, calibration: Calibration) -> Bars:
    """`enough`: below it the best guess is more often wrong than right. `also`: the lowest bar above which six in ten
    second intents were meant. `emergency`: the lowest bar at which the second reader keeps to its false alarms.
    `doubted`: seven in ten."""
    probable = calibration.intents(logits)
    return Bars(
        enough=ENOUGH,
        also=_also_bar(corpus, probable),
        emergency=_emergency_bar(corpus, calibration.emergency(logits)),
        doubted=DOUBTED,
    )


def is_of_intents(corpus: Corpus) -> npt.NDArray[np.bool_]:
    """Which messages are of the corpus of all intents."""
    chosen: npt.NDArray[np.bool_] = np.char.startswith(corpus.authors, WHOLE)
    return chosen


def _also_bar(corpus: Corpus, probable: Floats) -> float:
    for bar in np.arange(0.05, 0.5, 0.01):
        named = right = 0
        for at in np.flatnonzero(is_of_intents(corpus)):
            best = int(probable[at].argmax())
            meant = corpus.also[at] | {int(corpus.label[at])}
            seconds = [label for label in np.flatnonzero(probable[at] >= bar) if label != best]
            named += len(seconds)
            right += sum(int(label) in meant for label in seconds)
        if named == 0 or right / named >= RIGHT_OF_SECOND:
            return round(float(bar), 2)
    return 0.5


def _emergency_bar(corpus: Corpus, probability: Floats) -> float:
    others = probability[~corpus.emergency]
    bars = np.arange(0.05, 0.96, 0.01)
    return round(float(next(bar for bar in bars if (others < bar).mean() >= LEFT_ALONE)), 2)


def flagged_by_rules(corpus: Corpus) -> npt.NDArray[np.bool_]:
    """Which messages the red-flag layer alone finds urgent."""
    lexicon = Lexicon(load_lexicon())
    return np.array([lexicon.screen([text]).level is not None for text in corpus.texts])


@dataclass(frozen=True)
class Trained:
    """A head ready to be shipped, and what it measured on authors that it had not read."""

    card: HeadCard
    arrays: bytes
    figures: dict[str, Any]


def train(corpus: Corpus, version: str) -> Trained:
    """Measure, calibrate, and fit the head that ships on everything."""
    trainer = Trainer(corpus, SentenceEncoder())
    logits = trainer.left_out()
    calibration = calibrate(corpus, logits)
    by_rules = flagged_by_rules(corpus)
    bars = choose_bars(corpus, logits, calibration)
    arrays = pack(trainer.fit(np.ones(len(corpus.texts), dtype=bool)))
    card = HeadCard(
        version=version,
        sha256=hashlib.sha256(arrays).hexdigest(),
        labels=LABELS,
        vector_weight=VECTOR_WEIGHT,
        temperature=calibration.temperature,
        emergency_slope=calibration.slope,
        emergency_offset=calibration.offset,
        bars=bars,
        trained_on=corpus.hashes,
    )
    return Trained(card, arrays, measure(corpus, logits, calibration, bars, by_rules))


def pack(head: Weights) -> bytes:
    """The arrays as a file: half precision, buckets that no message had as zeros, which compress to nothing."""
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        idf=head.idf.astype(np.float16),
        weights=head.weights.astype(np.float16),
        of_vector=head.of_vector.astype(np.float16),
        bias=head.bias.astype(np.float32),
    )
    return packed.getvalue()


def measure(
    corpus: Corpus, logits: Floats, calibration: Calibration, bars: Bars, by_rules: npt.NDArray[np.bool_]
) -> dict[str, Any]:
    """Figures of the answers about authors not read, for the language card."""
    from sklearn.metrics import f1_score

    known = is_of_intents(corpus)
    truth, probable = corpus.label[known], calibration.intents(logits[known])
    wanted = range(LABELS.index("none"))
    said, sure = probable.argmax(axis=1), probable.max(axis=1)
    again = calibration.emergency(logits) >= bars.emergency
    return {
        "n": int(known.sum()),
        "macro_f1": _rounded(f1_score(truth, said, average="macro", labels=wanted)),
        "macro_f1_by_author": {
            str(author): _rounded(f1_score(truth[here], said[here], average="macro", labels=wanted))
            for author in sorted(set(corpus.authors[known]))
            for here in [corpus.authors[known] == author]
        },
        "f1": dict(zip(LABELS, map(_rounded, f1_score(truth, said, average=None, labels=wanted)), strict=False)),
        "abstained": _rounded(((sure < bars.enough) | (said == LABELS.index("none"))).mean()),
        "calibration": [
            {
                "from": low / 10,
                "n": int(here.sum()),
                "said": _rounded(sure[here].mean()),
                "was_right": _rounded((said == truth)[here].mean()),
            }
            for low in range(2, 10)
            for here in [(sure >= low / 10) & (sure < (low + 1) / 10 + (low == 9))]
            if here.any()
        ],
        "emergency": {
            name: {
                "sensitivity": _share(raised[chosen & corpus.emergency]),
                "specificity": _share(~raised[chosen & ~corpus.emergency]),
            }
            for part, chosen in (
                ("intents", known),
                ("red_flags", corpus.label < 0),
                ("answers", ~known & (corpus.label >= 0)),
            )
            for voice, raised in (("rules", by_rules), ("second_reader", again), ("together", by_rules | again))
            for name in [f"{part}.{voice}"]
        },
        "bars": bars.model_dump(),
        "temperature": calibration.temperature,
    }


def _share(found: npt.NDArray[np.bool_]) -> float | None:
    return _rounded(found.mean()) if len(found) else None


def _rounded(figure: Any) -> float:
    return round(float(figure), 4)
