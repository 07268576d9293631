"""Whether a person wrote on a paper: then a person reads it."""

from collections.abc import Sequence

from austa.modules.documents.domain.reading import PageReading

SURELY_BY_HAND = 0.95
"""From here on nothing read from a line is relied on, whatever the rest of the paper is."""
_LIKELY = 0.7
_LEAST_LINES = 3
_LEAST_SHARE = 0.2
"""A printed form filled in by hand has more printed lines than written ones."""


def is_filled_by_hand(pages: Sequence[PageReading]) -> bool:
    """True when so many of the lines whose letters tell are likely a pen's."""
    told = [line.hand for page in pages for line in page.lines if line.hand is not None]
    written = sum(hand >= _LIKELY for hand in told)
    return written >= _LEAST_LINES and written >= _LEAST_SHARE * len(told)
