"""The worker's side of the transcriber: a child process, started by the first voice note, with a local model."""

import importlib.util
from pathlib import Path

from austa.infra import telemetry
from austa.infra.child import Child, ChildFailed, Frame
from austa.kernel.errors import Invalid
from austa.modules.language.api.language import Transcript
from austa.modules.language.domain.transcripts import LONGEST_S

CHILD = "austa.modules.language.adapters.transcriber_process"
LIBRARY = "faster_whisper"
IDLE_S = 300.0
TIME_LIMIT_S = 45.0
"""A member who may be in an emergency waits no longer; then a person listens."""
MOST_WAITING = 8
LARGEST_NOTE = 16 * 1024 * 1024
"""WhatsApp's own limit."""


class Transcriber:
    """Transcribes one note at a time. `child`: the program that does it, a stand-in's in tests."""

    def __init__(self, model: Path, *, child: str = CHILD, time_limit_s: float = TIME_LIMIT_S) -> None:
        """Errors: `language.voice_extra_missing` (Invalid)."""
        if child == CHILD and importlib.util.find_spec(LIBRARY) is None:
            raise Invalid(
                "language.voice_extra_missing", "AUSTA_VOICE_MODEL is set: install the extra too (austa[voice])"
            )
        self._child = Child(
            child,
            [str(model), str(LONGEST_S)],
            # Nothing is ever fetched: the model is the operator's folder.
            environment={"HF_HUB_OFFLINE": "1"},
            idle_s=IDLE_S,
            frame_s=time_limit_s,
            most_waiting=MOST_WAITING,
        )

    async def transcribe(self, audio: bytes) -> Transcript | None:
        """What was heard; None for a file that is no audio, too late an answer, or a child that died."""
        if len(audio) > LARGEST_NOTE:
            telemetry.VOICE_NOTES.labels("too_large").inc()
            return None
        try:
            (frame,) = await self._child.ask(Frame({}, audio))
            transcript = Transcript.model_validate_json(frame.body) if frame.body else None
        except (ChildFailed, ValueError) as failed:
            telemetry.VOICE_NOTES.labels(failed.why if isinstance(failed, ChildFailed) else "garbled").inc()
            return None
        telemetry.VOICE_NOTES.labels("transcribed" if transcript else "unreadable").inc()
        return transcript

    async def close(self) -> None:
        """Let the child go."""
        await self._child.close()
