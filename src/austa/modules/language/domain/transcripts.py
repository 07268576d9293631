"""When the words of a voice note may be read as if the member had written them."""

from austa.modules.language.api.language import Transcript

LONGEST_S = 180.0
LEAST_CONFIDENCE = 0.7
"""Geometric mean of the token probabilities in the worst part of the note. Unmeasured for real members: the bar is
set so that synthetic speech which a small model garbles stays below it; a note below it costs a person's minute."""


def is_trusted(transcript: Transcript) -> bool:
    """Whether the note was short enough, said anything, and was heard surely throughout."""
    said = bool(transcript.text.reveal().strip())
    return said and transcript.seconds <= LONGEST_S and transcript.confidence >= LEAST_CONFIDENCE
