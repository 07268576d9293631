"""A transcriber's child without a model: `python -m tests.fakes.transcriber_child MODEL LONGEST_S` measures a WAV file.

It "hears" what the line of model.bin says whose number is the length in seconds (`confidence|text`), or misbehaves.
"""

import io
import os
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path

from austa.infra.child import Frame, serve
from austa.kernel.personal import Personal
from austa.modules.language.api.language import Transcript


def main(model: Path, longest_s: float) -> None:
    says = dict(enumerate(model.joinpath("model.bin").read_text().splitlines(), start=1))

    def answer(question: Frame) -> Iterator[Frame]:
        try:
            with wave.open(io.BytesIO(question.body)) as sound:
                seconds = sound.getnframes() / sound.getframerate()
        except (wave.Error, EOFError):
            yield Frame({})
            return
        confidence, _, text = says.get(int(seconds), "0|").partition("|")
        if text == "die":
            os._exit(1)
        if text == "sleep":
            time.sleep(60)
        if text == "garble":
            yield Frame({}, b"{")
            return
        heard = Transcript(text=Personal(text), confidence=float(confidence), seconds=seconds)
        too_long = Transcript(text=Personal(""), confidence=0.0, seconds=seconds)
        yield Frame({}, (too_long if seconds > longest_s else heard).reveal_bytes())

    serve(answer)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
