"""What readers do not say of a line: where each word stands, and whether a pen wrote it. Runs in the child only."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from austa.modules.documents.adapters.opening import Pixels
from austa.modules.documents.adapters.pen import by_hand

Edges = list[tuple[float, float]]

_NARROW, _WIDE = frozenset("ijlIrtf.,:;'!|()[]/1 -"), frozenset("mwMWOQGD@%—")
_RULE = 0.75
"""Share of a line's width from which a row of ink is a rule under the words and none of them."""
_WIDEST = 0.6
"""A space, in heights of the line, beyond which more of it says nothing more."""


class Words:
    """Finds the spaces that a line's text has among the empty columns of its picture, and whether a pen wrote it."""

    def __init__(self, image: Pixels) -> None:
        self._grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        self._ink = cv2.adaptiveThreshold(self._grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)

    def edges(self, text: str, box: Sequence[float]) -> Edges:
        """Begin and end of each word in fractions of the page's width, from left to right."""
        height, width = self._ink.shape
        x0, x1 = max(0, round(box[0] * width)), min(width, round(box[2] * width))
        y0, y1 = max(0, round(box[1] * height)), min(height, round(box[3] * height))
        words = text.split()
        if not words or x1 - x0 < 2 or y1 <= y0:
            return [(box[0], box[2])] * len(words)
        ink = self._ink[y0:y1, x0:x1]
        ink = ink[ink.mean(axis=1) < _RULE]
        spaces = _spaces(ink.sum(axis=0), words, y1 - y0)
        starts, ends = [0, *(end for _, end in spaces)], [*(start for start, _ in spaces), x1 - x0]
        return [((x0 + start) / width, (x0 + end) / width) for start, end in zip(starts, ends, strict=True)]

    def by_hand(self, box: Sequence[float]) -> float | None:
        """How likely a pen wrote that line, 0 to 1; None where it does not say."""
        likely = by_hand(self._ink, self._grey, box)
        return None if likely is None else round(likely, 3)


def _spaces(profile: NDArray[np.int64], words: Sequence[str], height: int) -> list[tuple[int, int]]:
    """Where each space begins and ends: of the gaps those that are wide and near to where letters lead to expect."""
    expected = _expected(words, len(profile))
    gaps = _gaps(profile)
    if not expected:
        return []
    if len(gaps) < len(expected):
        return [(round(at), round(at)) for at in expected]
    starts, ends = np.array(gaps).T
    middles, worth = (starts + ends) / 2, np.minimum((ends - starts) / height, _WIDEST) * 2
    # The best choice of gaps in order, one a space: the best so far, one space after another.
    best = np.zeros(len(gaps) + 1)
    choices: list[NDArray[np.int64]] = []
    for at in expected:
        gained = best[:-1] + worth - np.abs(middles - at) / height
        reached = np.maximum.accumulate(gained)
        choices.append(np.where(gained >= reached, np.arange(len(gaps)), 0))
        choices[-1] = np.maximum.accumulate(choices[-1])
        best = np.concatenate(([-np.inf], reached))
    chosen, last = [], len(gaps)
    for choice in reversed(choices):
        if last == 0:
            return [(round(at), round(at)) for at in expected]
        last = int(choice[last - 1])
        chosen.append(gaps[last])
    return chosen[::-1]


def _expected(words: Sequence[str], length: int) -> list[float]:
    """The middle of each space if every font were alike."""
    widths = [sum(_width_of(each) for each in word) for word in words]
    total = sum(widths) + 0.55 * (len(words) - 1)
    at, middles = 0.0, []
    for width in widths[:-1]:
        at += width + 0.275
        middles.append(at / total * length)
        at += 0.275
    return middles


def _width_of(character: str) -> float:
    if character in _NARROW:
        return 0.55
    if character in _WIDE:
        return 1.5
    return 1.25 if character.isupper() else 1.0


def _gaps(profile: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Runs of empty columns inside the line."""
    empty = np.concatenate(([0], (profile == 0).astype(np.int8), [0]))
    changes = np.flatnonzero(np.diff(empty)).reshape(-1, 2)
    return [(int(start), int(end)) for start, end in changes if start > 0 and end < len(profile)]
