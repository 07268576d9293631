"""What papers are made of. Each block is at once how it is set (a Typst expression) and what is printed, in reading
order: columns one after the other, rows cell by cell, check boxes as [X] and [ ]. Words are data, never markup."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from numpy.random import Generator

Align = Literal["left", "center", "right"]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Block:
    """`source` gives content in Typst's code mode; `text` is what it prints; `gap` the room above it in points."""

    source: str
    text: str
    gap: float = 5.0


NEXT_PAGE = Block("none", "", 0)
"""The rest stands on another page."""


def line(
    words: str,
    size: float | None = None,
    *,
    bold: bool = False,
    italic: bool = False,
    color: str | None = None,
    align: Align = "left",
    font: str | None = None,
    gap: float = 5.0,
) -> Block:
    """A line, or a paragraph when it is long."""
    inner = _text(words, size, bold=bold, italic=italic, color=color, font=font)
    return Block(f"align({align}, {inner})", words, gap)


def rule(color: str = "#555555", width: float = 0.6, gap: float = 5.0) -> Block:
    """A line across."""
    return Block(f'line(length: 100%, stroke: {width}pt + rgb("{color}"))', "", gap)


def space(points: float) -> Block:
    """Room."""
    return Block("none", "", points)


def pairs(told: Sequence[Pair], columns: Sequence[str] = ("1fr",), *, bold: bool = True, gap: float = 6.0) -> Block:
    """`Label: value`, side by side in so many columns."""
    cells = [f"[#{_text(label, bold=bold)} #{_text(value)}]" for label, value in told]
    return Block(
        f"grid(columns: {_tuple(columns)}, column-gutter: 10pt, row-gutter: 5pt, {', '.join(cells)})",
        "\n".join(f"{label} {value}" for label, value in told),
        gap,
    )


def boxed(told: Sequence[Pair], columns: Sequence[str], *, small: float = 6.5, gap: float = 0.0) -> Block:
    """Cells of a form: the label small above its value."""
    cells = [
        f"stack(spacing: 3pt, {_text(label, small, color='#333333')}, {_text(value or ' ')})" for label, value in told
    ]
    table = f"table(columns: {_tuple(columns)}, inset: 3pt, stroke: 0.5pt, {', '.join(cells)})"
    return Block(table, "\n".join(f"{label}\n{value}".strip() for label, value in told), gap)


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    columns: Sequence[str],
    *,
    stroke: str = "0.5pt",
    fill: str | None = None,
    size: float | None = None,
    gap: float = 7.0,
) -> Block:
    """A table, read cell by cell."""
    cells = [_text(words, size, bold=True) for words in head]
    cells += [_text(words or " ", size) for row in rows for words in row]
    shade = f'fill: (_, y) => if y == 0 {{ rgb("{fill}") }},' if fill and head else ""
    source = f"table(columns: {_tuple(columns)}, inset: 4pt, stroke: {stroke}, {shade} {', '.join(cells)})"
    return Block(source, "\n".join(" ".join(filter(None, row)) for row in (head, *rows)), gap)


def banner(blocks: Sequence[Block], color: str, *, radius: float = 0) -> Block:
    """Blocks on a coloured ground."""
    source = f'block(fill: rgb("{color}"), width: 100%, inset: 9pt, radius: {radius}pt, {stack(blocks)})'
    return Block(source, text_of(blocks))


def framed(blocks: Sequence[Block], *, stroke: str = "0.8pt", inset: float = 7, gap: float = 7.0) -> Block:
    """Blocks in a frame."""
    return Block(f"block(stroke: {stroke}, width: 100%, inset: {inset}pt, {stack(blocks)})", text_of(blocks), gap)


def side_by_side(parts: Sequence[Sequence[Block]], columns: Sequence[str], *, gap: float = 6.0) -> Block:
    """Columns, each read to its end before the next."""
    cells = ", ".join(stack(blocks) for blocks in parts)
    source = f"grid(columns: {_tuple(columns)}, column-gutter: 12pt, {cells})"
    return Block(source, "\n".join(text_of(blocks) for blocks in parts), gap)


def checks(told: Sequence[tuple[bool, str]], *, columns: int = 3, gap: float = 6.0) -> Block:
    """Check boxes with their words."""
    cells = [
        f"[#box(width: 8pt, height: 8pt, stroke: 0.7pt, baseline: 1pt, align(center + horizon, "
        f"{_text('X' if on else ' ', 7, bold=True)})) #{_text(words)}]"
        for on, words in told
    ]
    source = f"grid(columns: {columns}, column-gutter: 14pt, row-gutter: 5pt, {', '.join(cells)})"
    return Block(source, "\n".join(f"[{'X' if on else ' '}] {words}" for on, words in told), gap)


def disc(color: str, letter: str = "+", size: float = 30) -> Block:
    """A round sign with a letter in it, as a house has: a picture, not print."""
    inner = _text(letter, size * 0.5, bold=True, color="#ffffff")
    return Block(
        f'circle(radius: {size / 2}pt, fill: rgb("{color}"), inset: 0pt, align(center + horizon, {inner}))', ""
    )


def bars(rng: Generator, *, width: float = 150, height: float = 24) -> Block:
    """A bar code, which prints no words."""
    steps = rng.integers(1, 4, 60)
    parts, at = "", 0
    for number, step in enumerate(steps):
        if number % 2 == 0:
            parts += f"<rect x='{at}' y='0' width='{step}' height='30'/>"
        at += int(step)
    return Block(_svg(parts, at, 30, f"width: {width}pt, height: {height}pt"), "")


def hand(words: str, rng: Generator, font: str, *, size: float = 17, color: str = "#1c2f86", gap: float = 7.0) -> Block:
    """Handwriting: a pen's letters, words uneven in height, lean and size. It is not print."""
    pieces = []
    for word in words.split():
        lift, lean, grown = rng.uniform(-1.6, 1.6), rng.uniform(-3.5, 3.5), size * rng.uniform(0.92, 1.1)
        piece = _text(word, round(float(grown), 1), color=color, font=font)
        pieces.append(f"box(move(dy: {lift:.1f}pt, rotate({lean:.1f}deg, {piece})))")
    return Block(f"block(par(leading: 9pt, ({', '.join(pieces)},).join(h(5pt))))", "", gap)


def scribble(rng: Generator, *, width: float = 130, height: float = 40, color: str = "#1c2f86") -> str:
    """A signature as Typst content: a tall start and waves that flatten as they run."""
    x, points = (
        6.0,
        [(2.0, float(rng.uniform(14, 34))), (float(rng.uniform(5, 16)), 2.0), (float(rng.uniform(4, 14)), 36.0)],
    )
    calm, wide, lean = float(rng.uniform(0.3, 2.2)), float(rng.uniform(2, 7)), float(rng.uniform(-0.1, 0.15))
    while x < 92:
        reach, middle = ((100 - x) / 100) ** calm, 24 - lean * x
        x += wide * float(rng.uniform(0.5, 1.4))
        points.append((x, middle - float(rng.uniform(2, 20)) * reach))
        x += wide * float(rng.uniform(-0.3, 1.0))
        points.append((x, middle + float(rng.uniform(0, 14)) * reach))
    path = f"M {points[0][0]} {points[0][1]} " + " ".join(
        f"Q {a[0] + float(rng.uniform(-2, 3)):.1f} {a[1]:.1f} {(a[0] + b[0]) / 2:.1f} {(a[1] + b[1]) / 2:.1f}"
        for a, b in pairwise(points[1:])
    )
    if rng.random() < 0.5:
        path += " M 96 30 Q 60 33 24 36"
    drawn = f"<path d='{path}' fill='none' stroke='{color}' stroke-width='1.1' stroke-linecap='round'/>"
    return _svg(drawn, 104, 40, f"width: {width}pt, height: {height}pt")


def signed(
    words: Sequence[str],
    rng: Generator,
    *,
    stamp: bool = False,
    align: Align = "center",
    color: str = "#26357a",
    gap: float = 16.0,
) -> Block:
    """A signature above a printed line with the signer's words, or under a rubber stamp pressed a little askew."""
    rows = [_text(each, 9 if number == 0 else 8, bold=number == 0) for number, each in enumerate(words)]
    below = f"stack(spacing: 3.5pt, {', '.join(rows)})"
    if stamp:
        turn = float(rng.uniform(-5, 5))
        below = f'rotate({turn:.1f}deg, block(inset: 4pt, {{ set text(fill: rgb("{color}")); {below} }}))'
    else:
        below = f"stack(spacing: 4pt, line(length: 190pt, stroke: 0.5pt), {below})"
    drawn = f"stack(spacing: -7pt, {scribble(rng)}, {{ set align(center); {below} }})"
    return Block(f"align({align}, box({drawn}))", "\n".join(words), gap)


def stack(blocks: Iterable[Block]) -> str:
    """Blocks below each other as one Typst expression."""
    parts = []
    for block in blocks:
        parts.append(f"v({block.gap}pt, weak: false)")
        if block.source != "none":
            parts.append(f"block(width: 100%, above: 0pt, below: 0pt, {block.source})")
    return "{ " + "; ".join(parts) + " }"


def text_of(blocks: Iterable[Block]) -> str:
    """What the blocks print, one after the other."""
    return "\n".join(block.text for block in blocks if block.text)


def string(words: str) -> str:
    """Words as a string of Typst."""
    return json.dumps(words, ensure_ascii=False)


def _text(
    words: str,
    size: float | None = None,
    *,
    bold: bool = False,
    italic: bool = False,
    color: str | None = None,
    font: str | None = None,
) -> str:
    marks = [string(words)]
    marks += [f"size: {size}pt"] if size else []
    marks += ['weight: "bold"'] if bold else []
    marks += ['style: "italic"'] if italic else []
    marks += [f'fill: rgb("{color}")'] if color else []
    marks += [f"font: {string(font)}"] if font else []
    return f"text({', '.join(marks)})"


def _tuple(columns: Sequence[str]) -> str:
    return f"({', '.join(columns)},)"


def _svg(parts: str, width: float, height: float, size: str) -> str:
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'>{parts}</svg>"
    return f'image(bytes({string(drawing)}), format: "svg", fit: "stretch", {size})'
