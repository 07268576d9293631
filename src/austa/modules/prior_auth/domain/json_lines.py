"""On which line of a JSON text each value stands, and which names are given twice."""

import json
import re
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
_SPACE = re.compile(r"\s*")
_SCALAR = re.compile(r"[^\s,\]}]+")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


@dataclass
class JsonLines:
    """Lines count from 1. `repeated`: names that stand twice in one object; a reader would silently keep the last."""

    at: dict[Path, int] = field(default_factory=dict)
    repeated: list[Path] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of that value, or of the nearest value around it."""
        while path and path not in self.at:
            path = path[:-1]
        return self.at.get(path, 1)


def find_lines(text: str) -> JsonLines:
    """Read positions only. The text must be sound JSON: check that first."""
    lines = JsonLines()
    _Walk(text, lines).value(0, ())
    return lines


@dataclass
class _Walk:
    text: str
    lines: JsonLines
    seen: int = 0
    line: int = 1

    def value(self, at: int, path: Path) -> int:
        """Note the value that begins here; returns where it ends."""
        at = self._skip(at)
        self.line += self.text.count("\n", self.seen, at)
        self.seen = at
        if path in self.lines.at:
            self.lines.repeated.append(path)
        self.lines.at[path] = self.line
        if self.text[at] == "{":
            return self._members(at + 1, path)
        if self.text[at] == "[":
            return self._elements(at + 1, path)
        found = (_STRING if self.text[at] == '"' else _SCALAR).match(self.text, at)
        return found.end() if found else len(self.text)

    def _members(self, at: int, path: Path) -> int:
        at = self._skip(at)
        while self.text[at] != "}":
            name = _STRING.match(self.text, at)
            end = name.end() if name else at
            at = self.value(self._skip(end) + 1, (*path, json.loads(self.text[at:end])))
            at = self._after(at)
        return at + 1

    def _elements(self, at: int, path: Path) -> int:
        at, count = self._skip(at), 0
        while self.text[at] != "]":
            at = self._after(self.value(at, (*path, count)))
            count += 1
        return at + 1

    def _after(self, at: int) -> int:
        """Past a comma, to what follows."""
        at = self._skip(at)
        return self._skip(at + 1) if self.text[at] == "," else at

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at
