"""Small sound files, and a transcriber that hears in them what a test wrote down."""

import io
import wave
from pathlib import Path

from austa.modules.language.adapters.transcriber import Transcriber
from tests.architecture.tree import ROOT

CHILD = "tests.fakes.transcriber_child"


def wav(seconds: float, rate: int = 8_000) -> bytes:
    """Silence of that length."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"\0\0" * int(seconds * rate))
    return out.getvalue()


def fake_transcriber(folder: Path, says: list[str], *, time_limit_s: float = 20.0) -> Transcriber:
    """`says[n]` is what is heard in n+1 seconds of sound, as `confidence|text`. The child must find the tests:
    PYTHONPATH holds `CHILD_PATH`."""
    folder.joinpath("model.bin").write_text("\n".join(says))
    return Transcriber(folder, child=CHILD, time_limit_s=time_limit_s)


CHILD_PATH = f"{ROOT / 'src'}:{ROOT}"
