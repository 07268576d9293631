"""`austa bench language`: how fast and how large the language module is, on one core.

Everything is measured in one process on one thread, in turns, on the messages of the corpora, after it has read as many
others, as a worker has after its first minutes; the bare encoder is measured in the same run, so that its share can be
told apart from ours. Times are of the wall.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from austa.bench.corpora import read_rows
from austa.kernel.contracts import Contract
from austa.kernel.personal import Personal
from austa.modules.language.adapters.encoder import SentenceEncoder
from austa.modules.language.api.language import UtteranceContext
from austa.modules.language.service import LanguageService

BATCH = 16


class Line(Contract, extra="ignore"):
    """A line of the intents corpus, for its text."""

    text: str


def measure_language(corpus: Path, most: int) -> dict[str, Any]:
    """Figures over at most so many messages, evenly from all files.

    Errors: those of `read_rows`.
    """
    texts, others = _texts(corpus, most)
    service = open_warm(others)
    process = psutil.Process()
    one_core = _keep_to_one_core(process)
    result: dict[str, Any] = {
        "messages": len(texts),
        "words_median": int(np.median([len(text.split()) for text in texts])),
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0]},
        "pinned_to_one_core": one_core,
        "red_flags": _singles(texts, lambda text: service.screen(Personal(text))),
        "analysis_single": _singles(texts, lambda text: service.understand(Personal(text), UtteranceContext())),
        "analysis_batches": _batches(
            texts, lambda batch: service.understand_many([(Personal(text), UtteranceContext()) for text in batch])
        ),
    }
    encoder = SentenceEncoder()
    encoder.encode(others)
    result["encoder_single"] = _singles(texts, lambda text: encoder.encode([text]))
    result["encoder_batches"] = _batches(texts, encoder.encode)
    result["batch"] = BATCH
    return result


def measure_memory() -> dict[str, Any]:
    """Memory of a process that does nothing but understand, in MB. Run it in a fresh one."""
    before = psutil.Process().memory_full_info()
    service = open_warm(["bom dia, preciso autorizar uma ressonância do joelho", "tô com dor no peito"])
    after = psutil.Process().memory_full_info()
    understood = service.understand(Personal("oi"), UtteranceContext())
    return {
        "rss": round(after.rss / 1e6, 1),
        "pss": round(getattr(after, "pss", after.rss) / 1e6, 1),
        "rss_before_loading": round(before.rss / 1e6, 1),
        "lexicon_version": understood.lexicon_version,
        "model_version": understood.model_version,
        "python": sys.version.split()[0],
    }


def open_warm(texts: Sequence[str]) -> LanguageService:
    """The service with everything loaded, after reading these texts."""
    from austa.bench.product import open_language

    service = open_language()
    service.understand_many([(Personal(text), UtteranceContext()) for text in texts])
    return service


def _texts(corpus: Path, most: int) -> tuple[list[str], list[str]]:
    """Messages evenly from all files, and as many others (the same where there are no others)."""
    texts = [row.text for file in sorted(corpus.glob("intents/*.jsonl")) for row in read_rows(file, Line)]
    step = max(len(texts) // most, 1)
    return texts[::step][:most], texts[step // 2 :: step][:most]


def _singles(texts: Sequence[str], work: Callable[[str], object]) -> dict[str, float]:
    times = []
    began = time.perf_counter()
    for text in texts:
        start = time.perf_counter()
        work(text)
        times.append(time.perf_counter() - start)
    total = time.perf_counter() - began
    p50, p99 = np.percentile(times, [50, 99]) * 1000
    return {
        "p50_ms": round(float(p50), 3),
        "p99_ms": round(float(p99), 3),
        "messages_per_second": round(len(texts) / total, 1),
    }


def _batches(texts: Sequence[str], work: Callable[[Sequence[str]], object]) -> dict[str, float]:
    began = time.perf_counter()
    for at in range(0, len(texts), BATCH):
        work(texts[at : at + BATCH])
    return {"messages_per_second": round(len(texts) / (time.perf_counter() - began), 1)}


def _keep_to_one_core(process: psutil.Process) -> bool:
    """Linux can keep a process to one core; elsewhere the one thread must do."""
    if not hasattr(process, "cpu_affinity"):
        return False
    process.cpu_affinity(process.cpu_affinity()[:1])
    return True
