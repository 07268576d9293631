"""What is drawn on a page and is no letter: boxes ruled around text, and boxes to tick. Runs in the child only."""

import cv2
import numpy as np

from austa.modules.documents.adapters.opening import Pixels

Place = tuple[float, float, float, float]
"""x0, y0, x1, y1 in fractions of the page."""

_LOOK = 1400
"""Long side of the copy on which rules are sought."""
_SHORTEST_RULE = 30
_LEAST_CELL = 14
_FILLED = 0.55
"""Share of its rectangle that a ruled box must fill: what leaks through a gap in a rule has another shape."""
_SMALLEST_TICK, _LARGEST_TICK = 0.42, 1.5
"""Side of a box to tick, in heights of a line."""
_BORDER = 0.17
"""Share of a tick box's side within which its border lies."""
_DRAWN_SIDE = 0.88
_DRAWN_CORNER = 0.5
_SQUARE = 0.9
_STRAY = 0.06
_INSIDE = 0.25
_TICKED = 0.12
"""Share of ink inside, without the border, from which a box is ticked."""
_MOST_CHECKS = 200


def ruled_boxes(image: Pixels) -> list[Place]:
    """The boxes that rules enclose, largest first; the page itself is none."""
    scale = min(1.0, _LOOK / max(image.shape[:2]))
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 21, 6)
    # A rule that falls by a pixel on its way is still one: thickened across before it is measured along.
    across = cv2.morphologyEx(cv2.dilate(ink, np.ones((3, 1), np.uint8)), cv2.MORPH_OPEN, _bar(_SHORTEST_RULE, 1))
    down = cv2.morphologyEx(cv2.dilate(ink, np.ones((1, 3), np.uint8)), cv2.MORPH_OPEN, _bar(1, _SHORTEST_RULE // 2))
    rules = cv2.morphologyEx(cv2.max(across, down), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    height, width = rules.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(rules), connectivity=4)
    found: list[tuple[int, Place]] = []
    for x, y, wide, high, area in stats[1:].tolist():
        whole = wide > 0.97 * width and high > 0.97 * height
        if whole or wide < 2 * _LEAST_CELL or high < _LEAST_CELL:
            continue
        if area >= _FILLED * wide * high or _holds_others(stats, x, y, wide, high, area):
            found.append((wide * high, (x / width, y / height, (x + wide) / width, (y + high) / height)))
    return [place for _, place in sorted(found, reverse=True)]


def tick_boxes(image: Pixels, line_height: float) -> list[tuple[bool, float, Place]]:
    """Boxes to tick: whether each is ticked, how sure that is, and where. `line_height` in pixels is that of print."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 9)
    smallest, largest = max(8.0, _SMALLEST_TICK * line_height), _LARGEST_TICK * line_height
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    height, width = grey.shape
    found: list[tuple[bool, float, Place]] = []
    for contour, (_, _, _, around) in zip(contours, tree[0] if tree is not None else (), strict=True):
        x, y, wide, high = cv2.boundingRect(contour)
        if not (smallest <= max(wide, high) + 2 <= largest + 2 and 0.7 < wide / high < 1.4):
            continue
        if around >= 0:
            # The hole of a frame: its outside may touch a letter, its inside shows the square.
            if not _is_square(contour, wide, high):
                continue
            x, y, wide, high = x - 1, y - 1, wide + 2, high + 2
        elif not _is_framed(ink, x, y, wide, high):
            continue
        place = (x / width, y / height, (x + wide) / width, (y + high) / height)
        if _stands_alone(ink, x, y, wide, high) and not any(_meet(place, other) for _, _, other in found):
            share = _ink_inside(ink, x, y, wide, high)
            found.append((share > _TICKED, round(min(1.0, 0.5 + abs(share - _TICKED) / _TICKED), 3), place))
    return found[:_MOST_CHECKS]


def _bar(width: int, height: int) -> Pixels:
    return np.ones((height, width), np.uint8)


def _holds_others(stats: np.ndarray, x: int, y: int, wide: int, high: int, area: int) -> bool:
    """A frame around frames fills little of its own rectangle: those within it fill the rest."""
    inner = stats[1:]
    within = (
        (inner[:, 0] > x)
        & (inner[:, 1] > y)
        & (inner[:, 0] + inner[:, 2] < x + wide)
        & (inner[:, 1] + inner[:, 3] < y + high)
    )
    return bool(area + inner[within, 4].sum() >= 0.8 * wide * high)


def _is_square(contour: np.ndarray, wide: int, high: int) -> bool:
    """A hole that fills its rectangle to the corners, as that of no letter does."""
    return min(wide, high) > 4 and cv2.contourArea(contour) > _SQUARE * (wide - 1) * (high - 1)


def _is_framed(ink: np.ndarray, x: int, y: int, wide: int, high: int) -> bool:
    """Ink along all four sides and in all four corners."""
    band = max(2, round(_BORDER * max(wide, high)))
    whole = ink[y : y + high, x : x + wide]
    sides = (
        whole[:band].max(axis=0),
        whole[-band:].max(axis=0),
        whole[:, :band].max(axis=1),
        whole[:, -band:].max(axis=1),
    )
    if min(float(side.mean()) for side in sides) < _DRAWN_SIDE:
        return False
    corners = (whole[:band, :band], whole[:band, -band:], whole[-band:, :band], whole[-band:, -band:])
    return min(float(each.mean()) for each in corners) >= _DRAWN_CORNER


def _stands_alone(ink: np.ndarray, x: int, y: int, wide: int, high: int) -> bool:
    """No ink before it for half its width, nor close behind it."""
    near, before, behind = 2, max(4, round(0.5 * wide)), max(4, round(0.2 * wide))
    left = ink[y : y + high, max(0, x - before) : max(0, x - near)]
    right = ink[y : y + high, x + wide + near : x + wide + behind]
    return all(float(side.mean()) < _STRAY for side in (left, right) if side.size)


def _meet(one: Place, other: Place) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _ink_inside(ink: np.ndarray, x: int, y: int, wide: int, high: int) -> float:
    edge_x, edge_y = max(1, round(_INSIDE * wide)), max(1, round(_INSIDE * high))
    inside = ink[y + edge_y : y + high - edge_y, x + edge_x : x + wide - edge_x]
    return float((inside > 0).mean()) if inside.size else 0.0
