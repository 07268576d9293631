"""The signs of a picture, by which it is known again when it was saved anew. Runs in the child only."""

import cv2
import numpy as np

from austa.modules.documents.adapters.opening import Pixels

ROWS, COLUMNS = 16, 16
_BLUR = 8
"""Pixels of the small copy for each sign: enough that what a recompression adds is blurred away."""


def signs_of(image: Pixels) -> str:
    """256 signs as 64 hex digits: in a blurred copy of 17 x 16, whether each point is brighter than its left neighbour.

    The gradient form of dHash (Krawetz, "Kind of Like That", 2013), on the whole photo with the table around the paper.
    """
    step = max(1, min(image.shape[0] // (ROWS * _BLUR), image.shape[1] // (COLUMNS * _BLUR)))
    # Whole pixels are averaged first: that is ten times as fast as the last step from a large picture.
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape[0] // step * step, grey.shape[1] // step * step
    small = cv2.resize(grey[:height, :width], (width // step, height // step), interpolation=cv2.INTER_AREA)
    small = cv2.resize(small, ((COLUMNS + 1) * _BLUR, ROWS * _BLUR), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), _BLUR / 2)
    points = cv2.resize(blurred, (COLUMNS + 1, ROWS), interpolation=cv2.INTER_AREA)
    return np.packbits(points[:, 1:] > points[:, :-1]).tobytes().hex()
