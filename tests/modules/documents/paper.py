"""Draws medical orders for tests: print by OpenCV's own fonts, then a phone's view of the sheet."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
WIDTH, HEIGHT = 1240, 1754


@dataclass(frozen=True)
class Text:
    """A text at a place of the sheet, in pixels."""

    x: int
    y: int
    text: str
    size: int = 28
    weight: int = 400


def sheet(*texts: Text) -> Image:
    """A white sheet (A4 at 150 dpi) with these texts."""
    page = np.full((HEIGHT, WIDTH, 3), 252, np.uint8)
    font = cv2.FontFace("sans")
    for each in texts:
        cv2.putText(page, each.text, (each.x, each.y), (35, 30, 30), font, each.size, each.weight)
    return page


def signature(page: Image, x: int, y: int) -> Image:
    """The same sheet with a pen stroke across it."""
    t = np.linspace(0, 6 * np.pi, 240)
    xs, ys = x + 11 * t + 14 * np.sin(2.3 * t), y + 34 * np.sin(t) * np.cos(0.4 * t)
    points = np.stack([xs, ys], axis=1).astype(np.int32)
    signed = page.copy()
    cv2.polylines(signed, [points], False, (140, 60, 30), 3, cv2.LINE_AA)
    return signed


def photo(page: Image, *, angle: float = 4.0, lean: float = 0.05, shadow: float = 0.45, seed: int = 1) -> Image:
    """The sheet on a dark table, seen by a hand-held phone: tilted, leaning, half in shadow, with noise."""
    random = np.random.default_rng(seed)
    height, width = page.shape[:2]
    table = np.full((height + 360, width + 360, 3), (52, 68, 86), np.uint8)
    table = np.clip(table + random.normal(0, 6, table.shape), 0, 255).astype(np.uint8)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    leaning = corners + np.array(
        [[lean * width, 0], [-lean * width * 0.4, lean * 200], [0, 0], [0, -lean * 150]], np.float32
    )
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 0.96)
    seen = (leaning @ turn[:, :2].T + turn[:, 2] + 180).astype(np.float32)
    transform = cv2.getPerspectiveTransform(corners, seen)
    size = (table.shape[1], table.shape[0])
    laid = cv2.warpPerspective(page, transform, size, flags=cv2.INTER_CUBIC)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), transform, size)
    scene = np.where(mask[:, :, None] > 127, laid, table)
    ramp = np.linspace(1.0, 1.0 - shadow, size[0])[None, :, None] * np.linspace(1.0, 0.9, size[1])[:, None, None]
    lit = scene * ramp + random.normal(0, 3, scene.shape)
    return np.asarray(cv2.GaussianBlur(np.clip(lit, 0, 255).astype(np.uint8), (0, 0), 0.7), np.uint8)


def with_thumb(page: Image, x: int, y: int) -> Image:
    """The same sheet held by a thumb that lies on it."""
    held = page.copy()
    cv2.ellipse(held, (x, y), (130, 80), 25, 0, 360, (125, 155, 205), -1, cv2.LINE_AA)
    return held


def jpeg(image: Image, quality: int = 80) -> bytes:
    """As a phone sends it."""
    return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def png(image: Image) -> bytes:
    """As a screen is saved."""
    return bytes(cv2.imencode(".png", image)[1].tobytes())


def knee_order() -> Image:
    """A typed order for a knee MRI, with label lines, a code in words and one in digits, and a stamp."""
    page = sheet(
        Text(360, 120, "Clínica Ortopédica São Lucas", 34, 700),
        Text(420, 170, "Rua das Acácias, 120 - São Paulo - SP", 20),
        Text(400, 280, "SOLICITAÇÃO DE EXAME", 32, 700),
        Text(120, 400, "Paciente: Severino Lopes Damasceno"),
        Text(120, 460, "Carteirinha: 0037 1234 5678 9012 3"),
        Text(120, 520, "CPF: 111.444.777-35"),
        Text(640, 520, "Data de nascimento: 02/03/1980"),
        Text(120, 640, "Solicito:"),
        Text(160, 700, "41101316  RM articular - joelho direito"),
        Text(120, 800, "CID-10: M23.2"),
        Text(120, 860, "Indicação clínica: dor e bloqueio articular após trauma há 8"),
        Text(120, 905, "semanas, sem melhora com fisioterapia."),
        Text(120, 1060, "São Paulo, 18 de novembro de 2026"),
        Text(560, 1290, "Dr. Arnaldo Menezes Pinto", 26),
        Text(560, 1330, "CRM-SP 123456", 26),
    )
    return signature(page, 580, 1220)


def lab_order() -> Image:
    """An order for laboratory tests as a table, requester in labelled boxes."""
    return sheet(
        Text(120, 110, "HOSPITAL SANTA CLARA", 34, 700),
        Text(120, 200, "REQUISIÇÃO DE EXAMES", 30, 700),
        Text(120, 300, "Nome do paciente", 20),
        Text(760, 300, "Nº da carteira", 20),
        Text(120, 340, "Marina Albuquerque Teles", 28),
        Text(760, 340, "00370000000000142", 28),
        Text(120, 460, "Código", 22, 700),
        Text(360, 460, "Descrição", 22, 700),
        Text(980, 460, "Qtde", 22, 700),
        Text(120, 520, "40304361"),
        Text(360, 520, "Hemograma completo"),
        Text(990, 520, "1"),
        Text(120, 580, "40302040"),
        Text(360, 580, "Glicose"),
        Text(990, 580, "1"),
        Text(120, 640, "40316521"),
        Text(360, 640, "TSH"),
        Text(990, 640, "1"),
        Text(120, 760, "CID: Z00.0"),
        Text(120, 820, "Indicação: avaliação de rotina"),
        Text(120, 940, "Data: 17/11/2026"),
        Text(120, 1060, "Dra. Helena Prado Souza   CRM/RJ 52.123"),
    )
