"""Makes a photographed page flat, straight and evenly lit. Runs in the child only."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from austa.modules.documents.adapters.opening import LONG_SIDE, Pixels

Corners = NDArray[np.float32]

_LOOK = 800
"""Long side of the small copy on which geometry is measured."""
_LEAST_PAPER = 0.30
"""Share of the photo a sheet must cover to be taken for the page."""
_RING = 10
_OTHER_GROUND = 12.0
"""Distance in CIELAB (8 bit) between a sheet and what it lies on."""
_READABLE_LONG_SIDE = 1500
_MAX_SKEW = 20.0
_COVER_LOOK = 1600
_OTHER_COLOUR = 14.0
"""Distance of hue in CIELAB (8 bit) that paper, its shadows and a warm lamp do not make within a line."""
_COVERED_SHARE = 0.02


def flatten(image: Pixels) -> Pixels:
    """The sheet of paper in a photo, seen from straight above; the photo itself when no sheet stands out."""
    corners = _paper_corners(image)
    if corners is None:
        return image
    top_left, top_right, bottom_right, bottom_left = corners
    width = round(max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left)))
    height = round(max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right)))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    transform = cv2.getPerspectiveTransform(corners, target)
    return _as_pixels(cv2.warpPerspective(image, transform, (width, height), flags=cv2.INTER_CUBIC))


def enlarge(image: Pixels) -> Pixels:
    """Small pictures are enlarged so that letters have the height that the reader learned from."""
    long_side = max(image.shape[:2])
    if long_side >= _READABLE_LONG_SIDE:
        return image
    scale = min(_READABLE_LONG_SIDE / long_side, 3.0)
    return _as_pixels(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC))


def straighten(image: Pixels) -> Pixels:
    """Text lines parallel to an edge; which edge is up is found by reading."""
    ink = _ink(image)
    sideways_ink = _as_pixels(np.rot90(ink))
    angle = _skew(ink if _row_contrast(ink) >= _row_contrast(sideways_ink) else sideways_ink)
    return image if abs(angle) < 0.2 else _turn(image, angle)


def upside_down(image: Pixels) -> Pixels:
    """The page turned by half a turn."""
    return _as_pixels(cv2.rotate(image, cv2.ROTATE_180))


def quarter_turned(image: Pixels) -> Pixels:
    """The page turned by a quarter, against the clock."""
    return _as_pixels(cv2.rotate(image, cv2.ROTATE_90_COUNTERCLOCKWISE))


def even_light(image: Pixels) -> Pixels:
    """The page without shadows: divided by its own background, then sharpened a little when it is blurred."""
    channels = []
    for channel in cv2.split(image):
        small = cv2.resize(channel, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        spread = cv2.dilate(small, np.ones((9, 9), np.uint8))
        background = cv2.resize(cv2.medianBlur(spread, 21), (channel.shape[1], channel.shape[0]))
        channels.append(cv2.divide(channel, background, scale=245))
    evened = cv2.merge(channels)
    if cv2.Laplacian(cv2.cvtColor(evened, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var() < 300:
        evened = cv2.addWeighted(evened, 1.6, cv2.GaussianBlur(evened, (0, 0), 2.0), -0.6, 0)
    return _as_pixels(evened)


class Covers:
    """Finds what lies on the paper: a finger, a coin, another sheet. Print and pen strokes are thinner than that."""

    def __init__(self, image: Pixels) -> None:
        scale = min(1.0, _COVER_LOOK / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        self._lab = cv2.cvtColor(cv2.GaussianBlur(small, (3, 3), 0), cv2.COLOR_BGR2LAB).astype(np.float32)

    def lie_at(self, box: Sequence[float]) -> bool:
        """True when something with another colour than the paper, or in the dark, touches a line (in fractions)."""
        height, width = self._lab.shape[:2]
        x0, y0, x1, y1 = box[0] * width, box[1] * height, box[2] * width, box[3] * height
        reach = 0.6 * (y1 - y0)
        inside = self._lab[_at(y0) : _at(y1) + 1, _at(x0) : _at(x1) + 1].reshape(-1, 3)
        around = self._lab[_at(y0 - reach) : _at(y1 + reach) + 1, _at(x0 - reach) : _at(x1 + reach) + 1]
        if not inside.size:
            return False
        paper = inside[inside[:, 0] >= np.percentile(inside[:, 0], 70)]
        light, *colour = np.median(paper, axis=0)
        strange = np.hypot(around[:, :, 1] - colour[0], around[:, :, 2] - colour[1]) > _OTHER_COLOUR
        strange |= around[:, :, 0] < 0.5 * light
        thickness = max(3, round(0.35 * (y1 - y0)))
        thick = cv2.morphologyEx(strange.astype(np.uint8), cv2.MORPH_OPEN, np.ones((thickness, thickness), np.uint8))
        return float(thick.mean()) > _COVERED_SHARE


def encode_jpeg(image: Pixels, long_side: int, quality: int = 85) -> bytes:
    """JPEG without metadata, scaled down to the long side."""
    scale = long_side / max(image.shape[:2])
    if scale < 1:
        image = _as_pixels(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def _at(position: float) -> int:
    return max(0, round(position))


def _paper_corners(image: Pixels) -> Corners | None:
    scale = _LOOK / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    brightness = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)[:, :, 0]
    blurred = cv2.GaussianBlur(brightness, (7, 7), 0)
    _, bright = cv2.threshold(blurred, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edges = cv2.dilate(cv2.Canny(blurred, 40, 120), np.ones((5, 5), np.uint8))
    sheet = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    for mask in (sheet, edges):
        corners = _four_corners(_as_pixels(mask), small.shape[0] * small.shape[1])
        if corners is not None and _stands_out(small, corners):
            return np.asarray(corners / scale, np.float32)
    return None


def _stands_out(image: np.ndarray, corners: Corners) -> bool:
    """A sheet lies on something else: within a frame printed on the paper there is the same paper as around it."""
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB)
    inside = np.zeros(image.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, np.rint(corners).astype(np.int32), 1)
    step = np.ones((2 * _RING + 1, 2 * _RING + 1), np.uint8)
    # A ring of paper and one of what is around it, without the edge itself between them.
    near = np.ones((7, 7), np.uint8)
    paper = cv2.erode(inside, near) - cv2.erode(inside, step)
    beyond = cv2.dilate(inside, step) - cv2.dilate(inside, near)
    if not paper.any() or not beyond.any():
        return False
    colours = [np.median(lab[ring > 0].astype(np.float32), axis=0) for ring in (paper, beyond)]
    return float(np.linalg.norm(colours[0] - colours[1])) > _OTHER_GROUND


def _four_corners(mask: Pixels, area: int) -> Corners | None:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
        hull = cv2.convexHull(contour)
        covered = cv2.contourArea(hull) / area
        if covered < _LEAST_PAPER:
            return None
        if covered > 0.97:
            continue
        for tolerance in (0.02, 0.03, 0.05):
            outline = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True)
            if len(outline) == 4 and cv2.contourArea(outline) > 0.9 * cv2.contourArea(hull):
                return _in_order(np.asarray(outline.reshape(4, 2), np.float32))
    return None


def _in_order(points: Corners) -> Corners:
    """Top left, top right, bottom right, bottom left."""
    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    return np.array(
        [points[total.argmin()], points[difference.argmax()], points[total.argmax()], points[difference.argmin()]],
        np.float32,
    )


def _ink(image: Pixels) -> Pixels:
    """Dark strokes as white on black, on a small copy."""
    scale = _LOOK / max(image.shape[:2])
    small = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _as_pixels(cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12))


def _row_contrast(ink: np.ndarray) -> float:
    """How much ink gathers in rows with empty rows between: high when text lines are horizontal."""
    profile = ink.sum(axis=1, dtype=np.float64) / ink.shape[1]
    return float(np.square(np.diff(profile)).mean())


def _skew(ink: Pixels) -> float:
    """Degrees by which the lines fall to the right; coarse, then fine."""
    best = max(np.arange(-_MAX_SKEW, _MAX_SKEW + 0.5, 1.0), key=lambda angle: _row_contrast(_turned(ink, angle)))
    fine = np.arange(best - 0.9, best + 0.91, 0.15)
    chosen = float(max(fine, key=lambda angle: _row_contrast(_turned(ink, angle))))
    # A page without clear lines stays as it is.
    return chosen if _row_contrast(_turned(ink, chosen)) > 1.05 * _row_contrast(ink) else 0.0


def _turned(ink: Pixels, angle: float) -> np.ndarray:
    height, width = ink.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_NEAREST)


def _turn(image: Pixels, angle: float) -> Pixels:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide, high = int(height * sine + width * cosine), int(height * cosine + width * sine)
    matrix[:, 2] += ((wide - width) / 2, (high - height) / 2)
    turned = cv2.warpAffine(image, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    scale = LONG_SIDE / max(turned.shape[:2])
    return _as_pixels(turned if scale >= 1 else cv2.resize(turned, None, fx=scale, fy=scale))


def _as_pixels(image: np.ndarray) -> Pixels:
    return np.ascontiguousarray(image, dtype=np.uint8)
