"""What a doctor adds by hand: a rubber stamp, a little askew and unevenly inked, and a scribbled signature."""

import cv2
import numpy as np
from numpy.typing import NDArray

from austa.demo.orders.sheet import Color, Sheet

Image = NDArray[np.uint8]
Coverage = NDArray[np.float32]
"""How much ink lies on each pixel, 0 to 1."""

BLUE: Color = (32, 52, 138)
BLACK_INK: Color = (30, 30, 38)


def stamp(lines: tuple[str, ...], rng: np.random.Generator, scale: float) -> Coverage:
    """A professional's stamp, turned by up to seven degrees; `scale` is pixels a point."""
    with Sheet((230, 22 + 17 * len(lines))) as sheet:
        for number, line in enumerate(lines):
            font, size = ("Helvetica-Bold", 13.0) if number == 0 else ("Helvetica", 11.5)
            sheet.text(115, 22 + 16.5 * number, line, font, size, color=(0, 0, 0), align="center")
        printed = (255 - sheet.pixels(scale)[..., 0]).astype(np.float32) / np.float32(255)
    turned = _turn(printed, float(rng.uniform(-7, 7)))
    return turned * _uneven(turned.shape, rng, weakest=0.72)


def signature(hand: np.random.Generator, width: int, height: int) -> Coverage:
    """A quick signature: a tall first letter, a line that flattens as it runs, perhaps a stroke underneath.

    `hand` is the writer: the same hand makes the same signature.
    """
    turns = float(hand.uniform(3.2, 9.5))
    t = np.linspace(0, 1, 420)
    loop = float(hand.uniform(0.1, 2.6))  # small: waves; large: loops
    fade = (1 - t) ** float(hand.uniform(0.2, 1.8)) * float(hand.uniform(0.45, 0.85)) + 0.2
    wobble = np.interp(t, np.linspace(0, 1, 11), hand.uniform(0.35, 1.4, 11))
    angle = 2 * np.pi * (turns * t + 0.06 * np.sin(2 * np.pi * t * hand.uniform(1, 3))) + float(hand.uniform(0, 2))
    y = 0.56 - float(hand.uniform(-0.02, 0.16)) * t - 0.24 * fade * wobble * np.cos(angle)
    lean = float(hand.uniform(-0.05, 0.30))
    x = 0.17 + float(hand.uniform(0.5, 0.68)) * t**0.92 + loop * 0.03 * np.sin(angle + 1.2) + lean * (0.56 - y)
    top, foot = float(hand.uniform(0.05, 0.2)), float(hand.uniform(0.78, 0.93))
    letters = (
        [[0.05, 0.62], [0.17, top], [0.21, top + 0.04], [0.12, foot], [0.10, foot - 0.08]],
        [[0.10, top + 0.1], [0.11, foot], [0.13, foot - 0.1], [0.14, top], [0.27, top + 0.16], [0.13, 0.52]],
        [[0.25, top + 0.1], [0.16, top], [0.05, 0.5], [0.09, foot], [0.20, 0.74], [0.18, 0.58]],
    )
    start = _smooth(np.array([*letters[int(hand.integers(len(letters)))], [x[0], y[0]]]))
    canvas = np.zeros((height, width), np.float32)
    heaviest = height / float(hand.uniform(26, 40))
    _draw(canvas, np.vstack([start, np.column_stack([x, y])]), heaviest)
    if hand.random() < 0.5:
        low = float(hand.uniform(0.80, 0.90))
        _draw(canvas, _smooth(np.array([[0.93, 0.48], [0.97, 0.60], [0.62, low], [0.24, low + 0.03]])), heaviest)
    return canvas * _uneven(canvas.shape, hand, weakest=0.8)


def press(page: Image, ink: Coverage, color: Color, center: tuple[float, float]) -> None:
    """Lays ink on the page around a point given in pixels; what falls off the page is cut."""
    height, width = ink.shape
    top, left = round(center[1] - height / 2), round(center[0] - width / 2)
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + height, page.shape[0]), min(left + width, page.shape[1])
    coverage = ink[y0 - top : y1 - top, x0 - left : x1 - left, None]
    under = page[y0:y1, x0:x1].astype(np.float32)
    page[y0:y1, x0:x1] = (under * (1 - coverage) + under * coverage * np.array(color) / 255).astype(np.uint8)


def _draw(canvas: Coverage, points: NDArray[np.float64], heaviest: float) -> None:
    """Strokes through points given as shares of the canvas: thick where the pen is slow, thin where it flies."""
    height, width = canvas.shape
    path = points * np.array([width - 8, height - 8]) + 4
    speed = np.linalg.norm(np.diff(path, axis=0), axis=1)
    calm = np.convolve(speed, np.ones(15) / 15, mode="same")
    weight = 1.15 - 0.6 * calm / calm.max()
    for start, end, share in zip(path[:-1], path[1:], weight, strict=True):
        cv2.line(canvas, _pixel(start), _pixel(end), 1.0, max(1, round(heaviest * share)), cv2.LINE_AA, 4)


def _turn(ink: Coverage, degrees: float) -> Coverage:
    room = round(ink.shape[1] * 0.08)
    padded = cv2.copyMakeBorder(ink, room, room, 4, 4, cv2.BORDER_CONSTANT, value=0)
    matrix = cv2.getRotationMatrix2D((padded.shape[1] / 2, padded.shape[0] / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(padded, matrix, padded.shape[::-1], flags=cv2.INTER_CUBIC), np.float32).clip(0, 1)


def _uneven(shape: tuple[int, ...], rng: np.random.Generator, weakest: float) -> Coverage:
    coarse = rng.uniform(weakest, 1.0, (max(2, shape[0] // 28), max(2, shape[1] // 28))).astype(np.float32)
    return np.asarray(cv2.resize(coarse, shape[1::-1], interpolation=cv2.INTER_CUBIC), np.float32).clip(0, 1)


def _smooth(points: NDArray[np.float64], steps: int = 14) -> NDArray[np.float64]:
    """Catmull-Rom through the points."""
    padded = np.vstack([points[0], points, points[-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*pieces, points[-1]])


def _pixel(point: NDArray[np.float64]) -> tuple[int, int]:
    return round(point[0] * 16), round(point[1] * 16)
