"""Tells a line written by hand from a printed one by the shape of its letters. Runs in the child only.

Printed letters stand on one straight line and have two or three heights; a pen's do not, and its strokes are thin. How
much each of these says was fitted by logistic regression on drawn lines (docs/benchmarks/documents.md).
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np

_LEAST_HEIGHT = 18
"""Pixels below which the shape of letters says nothing."""
_LEAST_LETTERS = 4
_ON_LINE, _OFF_LINE, _HEIGHTS_ALIKE, _STROKE, _CONSTANT = -1.92, 43.2, -8.42, -38.8, 12.8
_RULE = 0.75


def by_hand(ink: np.ndarray, grey: np.ndarray, box: Sequence[float]) -> float | None:
    """How likely a pen wrote the line in `box` (fractions of the page), 0 to 1; None where its letters do not say.

    `ink` is 1 where the page is darker than around, 0 elsewhere.
    """
    height, width = ink.shape
    x0, y0, x1, y1 = (round(box[0] * width), round(box[1] * height), round(box[2] * width), round(box[3] * height))
    tall = y1 - y0
    if tall < _LEAST_HEIGHT or x1 - x0 < 2 * tall or _is_light_on_dark(grey[y0:y1, x0:x1]):
        return None
    spare = round(0.15 * tall)
    written = ink[max(0, y0 - spare) : y1 + spare, max(0, x0) : x1].copy()
    written[written.mean(axis=1) > _RULE] = 0
    letters = _letters(written, tall)
    if len(letters) < _LEAST_LETTERS:
        return None
    off = _off_the_line(letters, tall)
    score = (
        _CONSTANT
        + _ON_LINE * float((off < 0.06).mean())
        + _OFF_LINE * float(np.median(off))
        + _HEIGHTS_ALIKE * _alike(letters[:, 3] / tall)
        + _STROKE * _stroke(written) / tall
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def _is_light_on_dark(grey: np.ndarray) -> bool:
    dark, middle, light = np.percentile(grey, (3, 50, 97))
    return bool(middle < (dark + light) / 2)


def _letters(written: np.ndarray, tall: int) -> np.ndarray:
    """x, y, width, height, area of each piece of ink that may be a letter or joined letters."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(written, connectivity=8)
    _, _, wide, high, area = stats.T
    kept = (high > 0.25 * tall) & (high < 1.3 * tall) & (area > 6) & (wide < 6 * tall)
    kept[0] = False
    return np.asarray(stats[kept])


def _off_the_line(letters: np.ndarray, tall: int) -> np.ndarray:
    """How far the foot of each letter is from the line most of them stand on, in heights of the line."""
    feet = (letters[:, 1] + letters[:, 3]).astype(np.float64)
    middles = letters[:, 0] + letters[:, 2] / 2
    terms = np.column_stack((np.ones(len(letters)), (middles - middles.mean()) / tall))
    trusted = np.ones(len(letters))
    off = np.zeros(len(letters))
    for _ in range(5):
        weighed = terms * trusted[:, None]
        off = np.abs(feet - terms @ np.linalg.solve(weighed.T @ terms + 1e-6 * np.eye(2), weighed.T @ feet))
        trusted = 1 / (1 + (off / (0.04 * tall)) ** 2)
    return np.asarray(off / tall)


def _alike(heights: np.ndarray) -> float:
    """The share of letters that have one of the two commonest heights."""
    alike, rest = 0, heights
    for _ in range(2):
        if not len(rest):
            break
        near = np.abs(rest[:, None] - rest[None, :]) < 0.05
        commonest = near[int(near.sum(axis=1).argmax())]
        alike += int(commonest.sum())
        rest = rest[~commonest]
    return alike / len(heights)


def _stroke(written: np.ndarray) -> float:
    """The usual width of a stroke in pixels."""
    depth = cv2.distanceTransform(written, cv2.DIST_L2, 3)
    ridge = depth[(depth > 0) & (depth == cv2.dilate(depth, np.ones((3, 3), np.uint8)))]
    return 2 * float(np.median(ridge)) if len(ridge) else 0.0
