"""Makes a photographed page flat, straight and evenly lit. Runs in the child only."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from austa.modules.documents.adapters.opening import LONG_SIDE, Pixels

Corners = NDArray[np.float32]

_LOOK = 800
"""Long side of the small copy on which geometry is measured."""
_LEAST_PAPER = 0.30
"""Share of the photo a sheet must cover to be taken for the page."""
_SPECK = np.ones((15, 15), np.uint8)
_MOST_CUT_OFF = 1.12
"""Area of a sheet with all its corners, to what is seen of it."""
_RING = 10
_OTHER_GROUND = 4.0
"""Distance in CIELAB (8 bit) between a sheet in the dark and what it lies on; three times that in full light."""
_READABLE_LONG_SIDE = 1500
_MAX_SKEW = 20.0
_SIDEWAYS = 0.8
_LEAST_DARK = 6.0
_FILLED = 0.05
_AROUND_TEXT = 0.02
_LEVEL_LOOK = 1200
_LEVEL_ENOUGH = 0.0012
"""Share of the page's height that lines may be off and stay as they are."""
_LEAST_PIECES = 8
_MOST_PIECES = 1500
_JOIN = 13
"""Pixels of the small copy that letters and words may be apart and still be one piece."""
_RUN = 25
_LONG_PIECE, _HIGH_PIECE = 40, 26
_STIFF = 0.001
_USUAL_ERRORS = (0.1, 0.06, 0.04, 0.025, 0.015, 0.01, 0.007, 0.006)
"""Of slopes: less is forgiven each time the field is fitted anew."""
_COVER_LOOK = 1600
_OTHER_COLOUR = 14.0
"""Distance of hue in CIELAB (8 bit) that paper, its shadows and a warm lamp do not make within a line."""
_LIGHT_PRINT = 0.6
"""Share of dark pixels in a line from which its letters are the light ones."""
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


def lies_on_its_side(image: Pixels) -> bool:
    """Whether the ink gathers in columns rather than in rows. Reading decides in the end."""
    ink = _ink(image)
    return _row_contrast(ink) < _SIDEWAYS * _row_contrast(_as_pixels(np.rot90(ink)))


def written_part(image: Pixels) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 of the part of the page that has ink, with a margin: the rest need not be read."""
    height, width = image.shape[:2]
    scale = _LOOK / max(height, width)
    small = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 1.0)
    dark = cv2.GaussianBlur(small, (0, 0), 12.0).astype(np.int16) - small
    # In low light grain is dark, too.
    grain = float(np.median(np.abs(dark - np.median(dark))))
    ink = (dark > max(_LEAST_DARK, 6 * grain)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8)))
    x, y, wide, high, area = stats[1:].T
    # What reaches the edge of the picture is a fold or the sheet's edge when it is thin, and a form when it is not.
    inside = (x > 3) & (y > 3) & (x + wide < small.shape[1] - 3) & (y + high < small.shape[0] - 3)
    thick = (area > _FILLED * wide * high) & (np.minimum(wide, high) > 10)
    pieces = stats[1:][(inside | thick) & (wide >= 5) & (high >= 3)]
    if not len(pieces):
        return 0, 0, width, height
    margin = _AROUND_TEXT * _LOOK
    x0, y0 = pieces[:, 0].min() - margin, pieces[:, 1].min() - margin
    x1, y1 = (pieces[:, 0] + pieces[:, 2]).max() + margin, (pieces[:, 1] + pieces[:, 3]).max() + margin
    return (
        max(0, round(x0 / scale)),
        max(0, round(y0 / scale)),
        min(width, round(x1 / scale)),
        min(height, round(y1 / scale)),
    )


def level(image: Pixels) -> Pixels:
    """Text lines parallel to each other: what perspective and a curled sheet leave after `straighten` is taken out.

    The slope of each piece of text is measured, and one smooth field of slopes fitted to all of them: constant, and
    changing linearly across and down the page.
    """
    scale = _LEVEL_LOOK / max(image.shape[:2])
    centres, slopes, weights = _slopes(image, scale)
    if len(slopes) < _LEAST_PIECES:
        return image
    height, width = image.shape[:2]
    field = _fitted(centres / (scale * width) - (0.5, 0.5 * height / width), slopes, weights)
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    y = ((np.arange(height, dtype=np.float32) - height / 2) / width)[:, None]
    constant, across, down = (np.float32(each) for each in field)
    shift = (constant * x + across * x * x / 2 + down * x * y) * np.float32(width)
    if float(np.abs(shift).max()) < _LEVEL_ENOUGH * height:
        return image
    columns = np.broadcast_to(np.arange(width, dtype=np.float32)[None, :], (height, width))
    rows = np.arange(height, dtype=np.float32)[:, None] + shift
    return _as_pixels(cv2.remap(image, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def _slopes(image: Pixels, scale: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Middle, slope and length of each long flat piece of ink, in pixels of the small copy."""
    small = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 21, 10)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, _JOIN), np.uint8))
    # What stands upright in it, the sides of ruled boxes, would tie all lines of a form together.
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, _RUN), np.uint8))
    _, labels, stats, middles = cv2.connectedComponentsWithStats(joined, connectivity=4)
    found = []
    for number in np.flatnonzero((stats[:, 2] > _LONG_PIECE) & (stats[:, 3] < 0.4 * stats[:, 2]))[:_MOST_PIECES]:
        x, y, wide, high, _ = stats[number]
        if number == 0 or high > _HIGH_PIECE:
            continue
        rows, columns = np.nonzero(labels[y : y + high, x : x + wide] == number)
        across = columns - columns.mean()
        spread = float((across * across).sum())
        slope = float((across * (rows - rows.mean())).sum()) / spread
        found.append((*middles[number], slope, float(wide)))
    table = np.array(found, np.float64).reshape(-1, 4)
    return table[:, :2], table[:, 2], table[:, 3]


def _fitted(centres: np.ndarray, slopes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Slope at the middle, and by how much it changes across and down; pieces that lie otherwise lose their say."""
    terms = np.column_stack((np.ones(len(slopes)), centres))
    trusted = weights.copy()
    solution = np.zeros(3)
    for usual_error in _USUAL_ERRORS:
        root = np.sqrt(trusted)[:, None]
        # A little against large changes: a page with three lines at its top says nothing of its foot.
        ridge = np.diag((1e-6, _STIFF, _STIFF)) * weights.sum()
        solution = np.linalg.solve((terms * root).T @ (terms * root) + ridge, (terms * root).T @ (slopes * root[:, 0]))
        off = np.abs(slopes - terms @ solution)
        trusted = weights / (1 + (off / usual_error) ** 2)
    return solution


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
        dark = inside[:, 0] < np.percentile(inside[:, 0], (5, 95)).mean()
        if dark.mean() > _LIGHT_PRINT:
            # Plan cards are printed light on a dark ground: the ground is what there is most of.
            paper = inside[dark]
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
    for mask in _sheets(small):
        corners = _four_corners(_as_pixels(mask), small.shape[0] * small.shape[1])
        if corners is not None and _stands_out(small, corners):
            return np.asarray(corners / scale, np.float32)
    return None


def _sheets(small: np.ndarray) -> Iterator[np.ndarray]:
    """Where a sheet may lie, the likeliest guess first: what is bright, what is not as the edge of the photo, what
    edges enclose."""
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
    brightness = cv2.GaussianBlur(lab[:, :, 0], (7, 7), 0)
    _, bright = cv2.threshold(brightness, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield cv2.morphologyEx(bright, cv2.MORPH_CLOSE, _SPECK)
    # Carpets and wood have bright specks of their own.
    calm = cv2.medianBlur(lab, 21).astype(np.float32)
    _, bright = cv2.threshold(calm[:, :, 0].astype(np.uint8), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield cv2.morphologyEx(cv2.morphologyEx(bright, cv2.MORPH_OPEN, _SPECK), cv2.MORPH_CLOSE, _SPECK)
    edge = np.concatenate([calm[:6].reshape(-1, 3), calm[-6:].reshape(-1, 3), calm[:, :6].reshape(-1, 3)])
    strange = np.linalg.norm(calm - np.median(edge, axis=0), axis=2).clip(0, 255).astype(np.uint8)
    _, other = cv2.threshold(strange, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield cv2.morphologyEx(cv2.morphologyEx(other, cv2.MORPH_OPEN, _SPECK), cv2.MORPH_CLOSE, _SPECK)
    yield cv2.dilate(cv2.Canny(brightness, 40, 120), np.ones((5, 5), np.uint8))


def _stands_out(image: np.ndarray, corners: Corners) -> bool:
    """A sheet lies on something else: on both sides of a frame printed on the paper there is the same paper.

    One side may lie beyond the photo; of the others each has another colour outside than inside.
    """
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB).astype(np.float32)
    height, width = lab.shape[:2]
    unseen = 0
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = (end - start) / max(float(np.linalg.norm(end - start)), 1.0)
        outwards = np.array((along[1], -along[0]), np.float32) * _RING
        middle = start + np.linspace(0.05, 0.95, 60, dtype=np.float32)[:, None] * (end - start)
        around = [np.rint(middle + each).astype(int) for each in (outwards, -outwards)]
        within = np.all([(at >= 0).all(axis=1) & (at[:, 0] < width) & (at[:, 1] < height) for at in around], axis=0)
        if within.mean() < 0.5:
            unseen += 1
            continue
        outside, inside = (np.median(lab[at[within, 1], at[within, 0]], axis=0) for at in around)
        if np.linalg.norm(outside - inside) < _OTHER_GROUND * (1 + inside[0] / 80):
            return False
    return unseen <= 1


def _four_corners(mask: Pixels, area: int) -> Corners | None:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
        hull = cv2.convexHull(contour)
        covered = cv2.contourArea(hull) / area
        if covered < _LEAST_PAPER:
            return None
        if covered > 0.97:
            continue
        for tolerance in (0.015, 0.02, 0.03, 0.05):
            outline = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True).reshape(-1, 2)
            corners = _whole_corners(np.asarray(outline, np.float32))
            if corners is not None and 0.95 < cv2.contourArea(corners) / cv2.contourArea(hull) < _MOST_CUT_OFF:
                return _in_order(corners)
    return None


def _whole_corners(outline: Corners) -> Corners | None:
    """The four corners of an outline; where one lies in shadow, under a thumb or folded, its sides lead to it."""
    if len(outline) == 4:
        return outline
    if len(outline) not in (5, 6):
        return None
    sides = np.roll(outline, -1, axis=0) - outline
    longest = sorted(np.argsort(-np.linalg.norm(sides, axis=1))[:4])
    corners = []
    for one, other in zip(longest, (*longest[1:], longest[0]), strict=True):
        across = _cross(sides[one], sides[other])
        if abs(across) < 0.3 * float(np.linalg.norm(sides[one]) * np.linalg.norm(sides[other])):
            return None
        along = _cross(outline[other] - outline[one], sides[other]) / across
        corners.append(outline[one] + along * sides[one])
    return np.asarray(corners, np.float32)


def _cross(one: np.ndarray, other: np.ndarray) -> float:
    return float(one[0] * other[1] - one[1] * other[0])


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
