"""Turns a printed page into what a telephone's camera makes of it on a table, or an office scanner."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

PHOTO_SIZE = (1200, 1600)
MARGIN = 12
_WORK = 1.25  # the photo is composed larger and then reduced, which gives a camera's soft edges


@dataclass(frozen=True)
class Camera:
    """How the photo is taken. Angles in degrees; `tilt` is how much nearer one edge is; the rest is 0 to 1.

    `long_side` in pixels; `dark`: the share of the light that is missing; `smear`: by how many pixels the hand moved;
    `quarters`: how often it is turned by a quarter; `resent`: the longer side that a messenger leaves, 0 for none.
    """

    turn: float
    tilt: float
    fold: bool
    shadow: float
    blur: float
    noise: float
    warmth: float
    quality: int
    long_side: int = PHOTO_SIZE[1]
    dark: float = 0.0
    smear: int = 0
    finger: bool = False
    quarters: int = 0
    resent: int = 0

    @staticmethod
    def by(rng: np.random.Generator) -> "Camera":
        """An ordinary person with an ordinary telephone: readable, never perfect."""
        return Camera(
            turn=float(rng.uniform(-3.5, 3.5)),
            tilt=float(rng.uniform(0.01, 0.035)),
            fold=bool(rng.random() < 0.6),
            shadow=float(rng.uniform(0.12, 0.34)),
            blur=float(rng.uniform(0.45, 0.75)),
            noise=float(rng.uniform(1.5, 3.5)),
            warmth=float(rng.uniform(-0.02, 0.035)),
            quality=int(rng.integers(76, 88)),
        )


def photograph(page: Image, rng: np.random.Generator, camera: Camera | None = None) -> bytes:
    """A JPEG of the page lying on a table, of 1200 x 1600 pixels by the usual camera; a wide page is taken across."""
    camera = camera or Camera.by(rng)
    seen = _size(page, camera)
    width, height = (round(side * _WORK) for side in seen)
    paper = _paper(page, rng, camera)
    corners = _corners(page.shape, (width, height), rng, camera)
    scene = _table((height, width), rng)
    scene = _lay(scene, paper, corners, rng)
    if camera.finger:
        _hold(scene, rng)
    _shade(scene, _light((height, width), rng, camera))
    scene *= np.array([1 + camera.warmth, 1.0, 1 - camera.warmth], np.float32) * np.float32(1 - camera.dark)
    small = np.asarray(cv2.resize(scene, seen, interpolation=cv2.INTER_AREA), np.float32)
    small = np.asarray(cv2.GaussianBlur(small, (0, 0), camera.blur), np.float32)
    if camera.smear:
        small = np.asarray(cv2.filter2D(small, -1, _smear(camera.smear, rng)), np.float32)
    grain = rng.normal(0, camera.noise, small.shape[:2]).astype(np.float32)
    taken = np.rot90((small + grain[..., None]).clip(0, 255).astype(np.uint8), camera.quarters)
    if camera.resent:
        share = min(1.0, camera.resent / max(taken.shape[:2]))
        smaller = Picture.open(io.BytesIO(_jpeg(np.ascontiguousarray(taken), camera.quality)))
        taken = np.asarray(smaller.resize((round(smaller.width * share), round(smaller.height * share))))
    return _jpeg(np.ascontiguousarray(taken), camera.quality)


def scan(page: Image, rng: np.random.Generator) -> bytes:
    """A one-page PDF as an office scanner makes it: grey, flat, a little crooked, without text inside."""
    matrix = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), float(rng.uniform(-0.8, 0.8)), 1.0)
    turned = cv2.warpAffine(page, matrix, page.shape[1::-1], flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    grey = 0.97 * cv2.cvtColor(turned, cv2.COLOR_RGB2GRAY) + rng.normal(0, 2.0, turned.shape[:2])
    file = io.BytesIO()
    Picture.fromarray(grey.clip(0, 255).astype(np.uint8)).save(
        file, "PDF", resolution=150.0, quality=80, creationDate=None, modDate=None
    )
    return file.getvalue()


def _size(page: Image, camera: Camera) -> tuple[int, int]:
    short, long = round(camera.long_side * PHOTO_SIZE[0] / PHOTO_SIZE[1]), camera.long_side
    return (long, short) if page.shape[1] > page.shape[0] else (short, long)


def _hold(scene: Floats, rng: np.random.Generator) -> None:
    """A finger that reaches over the edge of the paper from the left or the right."""
    height, width = scene.shape[:2]
    middle = (0 if rng.random() < 0.5 else width, round(height * float(rng.uniform(0.2, 0.95))))
    cover = np.zeros((height, width), np.float32)
    reach = (round(width * float(rng.uniform(0.13, 0.2))), round(height * float(rng.uniform(0.025, 0.04))))
    cv2.ellipse(cover, middle, reach, float(rng.uniform(-20, 20)), 0, 360, 1.0, -1, cv2.LINE_AA)
    cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), 3), np.float32)
    skin = np.array([(205, 150, 120), (141, 85, 58), (232, 190, 165)][int(rng.integers(3))], np.float32)
    scene += (skin - scene) * cover[..., None]


def _smear(pixels: int, rng: np.random.Generator) -> Floats:
    """A straight movement of the hand."""
    kernel = np.zeros((pixels, pixels), np.float32)
    kernel[pixels // 2] = 1.0
    turn = cv2.getRotationMatrix2D((pixels / 2 - 0.5, pixels / 2 - 0.5), float(rng.uniform(0, 180)), 1.0)
    turned = np.asarray(cv2.warpAffine(kernel, turn, (pixels, pixels)), np.float32)
    return np.asarray(turned / turned.sum(), np.float32)


def _paper(page: Image, rng: np.random.Generator, camera: Camera) -> Floats:
    """The page with the colour, fibres and folds of real paper."""
    height, width = page.shape[:2]
    tint = np.array([0.975, 0.97, 0.95], np.float32) + rng.uniform(-0.012, 0.012, 3).astype(np.float32)
    fibres = 1 + rng.normal(0, 0.008, (height, width)).astype(np.float32)
    waves = 1 + 0.018 * _cloud((height, width), rng, cells=5)
    sheet = page.astype(np.float32)
    sheet *= 0.94  # toner is not black, paper is not white
    sheet += 10
    sheet *= np.tile(tint, width).reshape(width, 3)
    _shade(sheet, fibres * waves)
    if camera.fold:
        _shade(sheet, _fold((height, width), rng))
    return sheet


def _fold(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Light and shade of a sheet that was folded in half, sometimes in four."""
    height, width = shape
    shade = np.ones(shape, np.float32)
    shade *= _crease(height, float(rng.uniform(0.46, 0.54)), rng)[:, None]
    if rng.random() < 0.5:
        shade *= _crease(width, float(rng.uniform(0.47, 0.53)), rng)[None, :]
    return shade


def _crease(length: int, at: float, rng: np.random.Generator) -> Floats:
    distance = (np.arange(length, dtype=np.float32) / length - at) * 100
    near = 0.075 * np.exp(-np.abs(distance) / 7.0) * np.sign(distance) * float(rng.choice([-1, 1]))
    edge = 0.10 * np.exp(-((distance / 0.16) ** 2)) - 0.06 * np.exp(-(((distance - 0.35) / 0.2) ** 2))
    return np.asarray(1 + near + edge, np.float32)


def _corners(
    page: tuple[int, ...], photo: tuple[int, int], rng: np.random.Generator, camera: Camera
) -> NDArray[np.float32]:
    """Where the four corners of the page come to lie: fitted, turned, and nearer at one edge."""
    page_height, page_width = page[:2]
    width, height = photo
    fit = min(width * 0.93 / page_width, height * 0.93 / page_height)
    half = np.array([page_width, page_height]) * fit / 2
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float64) * half
    angle = np.deg2rad(camera.turn)
    turned = square @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    nearness = 1 + camera.tilt * (turned @ rng.normal(0, 1, 2)) / np.linalg.norm(half)
    center = np.array([width, height]) / 2 + rng.uniform(-0.008, 0.008, 2) * width
    seen = turned * nearness[:, None]
    free = (np.array([width, height]) - np.abs(2 * center - np.array([width, height]))) / 2
    room = min(1.0, 0.99 * float((free / np.abs(seen)).min()))
    return np.asarray(seen * room + center, np.float32)


def _lay(scene: Floats, paper: Floats, corners: NDArray[np.float32], rng: np.random.Generator) -> Floats:
    """Puts the paper on the table, with the shadow of its edge."""
    height, width = scene.shape[:2]
    page_height, page_width = paper.shape[:2]
    flat = np.array([[0, 0], [page_width, 0], [page_width, page_height], [0, page_height]], np.float32)
    flat += np.array([MARGIN, MARGIN], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, corners)
    bent, edge = _bend(paper, rng)
    laid = np.asarray(cv2.warpPerspective(bent, matrix, (width, height), flags=cv2.INTER_LINEAR), np.float32)
    mask = cv2.warpPerspective(edge, matrix, (width, height))
    mask = cv2.GaussianBlur(mask, (0, 0), 0.8)
    shadow = cv2.GaussianBlur(np.roll(mask, (9, 7), (0, 1)), (0, 0), 11)
    _shade(scene, 1 - 0.5 * np.asarray(shadow, np.float32))
    covered = np.asarray(mask, np.float32)
    _shade(scene, 1 - covered)
    _shade(laid, covered)
    scene += laid
    return scene


def _shade(image: Floats, by: Floats) -> None:
    """Multiply all three colours, in place: NumPy's own broadcasting over three values takes several times as long."""
    image *= np.asarray(cv2.cvtColor(by, cv2.COLOR_GRAY2RGB), np.float32)


def _bend(paper: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """The paper as it does not lie quite flat, in a margin, and where it is."""
    around = (MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT)
    wide = cv2.copyMakeBorder(paper, *around, value=0)
    edge = cv2.copyMakeBorder(np.ones(paper.shape[:2], np.float32), *around, value=0)
    y = np.arange(wide.shape[0], dtype=np.float32)[:, None]
    x = np.arange(wide.shape[1], dtype=np.float32)[None, :]
    across, along = x / wide.shape[1], y / wide.shape[0]
    lift = rng.uniform(-5, 5, 4)
    dy = lift[0] * np.sin(np.pi * across) + lift[1] * np.sin(2 * np.pi * across + lift[2])
    dx = lift[3] * np.sin(np.pi * along) + lift[2] * 0.5 * np.sin(2 * np.pi * along)
    from_x, from_y = (x + dx).astype(np.float32), (y + dy).astype(np.float32)
    bent = cv2.remap(wide, from_x, from_y, cv2.INTER_CUBIC)
    where = cv2.remap(edge, from_x, from_y, cv2.INTER_LINEAR)
    return np.asarray(bent, np.float32), np.asarray(where, np.float32)


def _light(shape: tuple[int, int], rng: np.random.Generator, camera: Camera) -> Floats:
    """A lamp to one side and the soft shadow of the hand that holds the telephone."""
    y = np.linspace(0, 1, shape[0]).astype(np.float32)[:, None]
    x = np.linspace(0, 1, shape[1]).astype(np.float32)[None, :]
    angle = float(rng.uniform(0, 2 * np.pi))
    slope = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle)
    light = 0.97 + 0.20 * camera.shadow * 2 * slope
    hand_x, hand_y = rng.choice([-0.05, 1.05]), rng.uniform(0.55, 1.1)
    hand = np.exp(-(((x - hand_x) / 0.42) ** 2 + ((y - hand_y) / 0.36) ** 2))
    light -= camera.shadow * hand
    return np.asarray(light.clip(0.42, 1.06), np.float32)


def _table(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Planks of wood in four tones, a granite worktop, or a plain desk."""
    kind = rng.choice(["wood", "wood", "granite", "desk"])
    if kind == "desk":
        tone = np.array([(96, 102, 110), (178, 176, 170), (64, 70, 62)][int(rng.integers(3))], np.float32)
        return np.asarray(tone * (1 + 0.05 * _cloud(shape, rng, cells=9))[..., None], np.float32)
    if kind == "granite":
        tone = np.array([(124, 118, 112), (78, 78, 82), (168, 158, 146)][int(rng.integers(3))], np.float32)
        speckle = 0.13 * _cloud(shape, rng, cells=260) + 0.10 * _cloud(shape, rng, cells=90)
        return np.asarray(tone * (1 + speckle).clip(0.5, 1.6)[..., None], np.float32)
    tone = np.array([(122, 84, 54), (164, 124, 84), (86, 60, 44), (142, 108, 82)][int(rng.integers(4))], np.float32)
    wood = _planks(shape, rng) if rng.random() < 0.5 else np.ascontiguousarray(_planks(shape[::-1], rng).T)
    return np.asarray(tone * wood[..., None], np.float32)


def _planks(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Brightness of horizontal planks with their grain."""
    height, width = shape
    grain = rng.normal(0, 1, (height // 3, 14)).astype(np.float32)
    fine = np.asarray(cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    wood = 1 + 0.06 * cv2.GaussianBlur(fine, (0, 0), 1.5) + 0.08 * _cloud(shape, rng, cells=4)
    start = int(rng.integers(60, 200))
    while start < height:
        wood[start : start + 4] *= 0.6
        wood[start + 4 :] *= float(rng.uniform(0.9, 1.1))
        start += int(rng.integers(220, 420))
    return np.asarray(wood.clip(0.45, 1.5), np.float32)


def _cloud(shape: tuple[int, int], rng: np.random.Generator, cells: int) -> Floats:
    """Smooth noise around zero."""
    coarse = rng.normal(0, 1, (cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def _jpeg(image: Image, quality: int) -> bytes:
    file = io.BytesIO()
    Picture.fromarray(image).save(file, "JPEG", quality=quality, subsampling=2)
    return file.getvalue()
