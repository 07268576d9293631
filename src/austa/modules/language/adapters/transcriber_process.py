"""The child: decodes a voice note and transcribes it with a local Whisper model. It writes no files.

Run as `python -P -m austa.modules.language.adapters.transcriber_process MODEL_FOLDER LONGEST_S`. A question is a frame
with the audio; the answer is one frame with a `Transcript`, or an empty one for what is no audio.
"""

import io
import math
import resource
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio

from austa.infra.child import Frame, serve
from austa.kernel.personal import Personal
from austa.modules.language.api.language import Transcript

RATE = 16_000
REPEATS = 2.4
"""Whisper's own bar: text that gzip shrinks more than this is a loop that nobody said."""


def main(model_folder: str, longest_s: float) -> None:
    """Serve notes until the input ends."""
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(limit, (0, 0))
    model = WhisperModel(model_folder, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)

    def answer(question: Frame) -> Iterator[Frame]:
        try:
            samples = decode_audio(io.BytesIO(question.body), sampling_rate=RATE)
        except Exception:
            # A file from a stranger fails in as many ways as there are formats.
            yield Frame({})
            return
        yield Frame({}, _transcribe(model, samples, longest_s).reveal_bytes())

    serve(answer)


def _transcribe(model: Any, samples: Any, longest_s: float) -> Transcript:
    seconds = len(samples) / RATE
    if seconds > longest_s:
        return Transcript(text=Personal(""), confidence=0.0, seconds=seconds)
    # What was heard before must not colour what comes next: one mistake would carry the rest along.
    segments, _ = model.transcribe(samples, language="pt", vad_filter=True, condition_on_previous_text=False)
    heard = list(segments)
    text = " ".join(segment.text.strip() for segment in heard)
    return Transcript(text=Personal(text), confidence=_confidence(heard), seconds=seconds)


def _confidence(segments: Sequence[Any]) -> float:
    """That of the worst part: the one word that mattered may be there."""
    if not segments or any(segment.compression_ratio > REPEATS for segment in segments):
        return 0.0
    return min(min(1.0, math.exp(segment.avg_logprob)) for segment in segments)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
