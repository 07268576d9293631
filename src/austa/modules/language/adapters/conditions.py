"""CID-10: the common codes that come with AUSTA, and the operator's full table in a file of theirs."""

import csv
import os
from importlib.resources import files
from pathlib import Path

from austa.kernel.errors import Invalid
from austa.modules.language.domain.conditions import parse_conditions


class ConditionsTable:
    """The table in use: the operator's file where there is one, otherwise the codes shipped with AUSTA."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def load(self) -> dict[str, str]:
        """Descriptions by code without the dot."""
        if self._file is not None and self._file.exists():
            return parse_conditions(read_table(self._file))[0]
        shipped = files("austa.modules.language.adapters").joinpath("conditions.csv")
        return parse_conditions(shipped.read_text(encoding="utf-8"))[0]

    def replace(self, conditions: dict[str, str]) -> None:
        """Write the whole table; a reader sees the old one or the new one, never half."""
        if self._file is None:
            raise Invalid("language.no_place_for_conditions", "no file is set to keep an imported CID-10 table")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        with fresh.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["codigo", "descricao"])
            writer.writerows(sorted(conditions.items()))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)


def read_table(path: Path) -> str:
    """The text of a file in UTF-8 or Latin-1 (DATASUS writes Latin-1)."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Invalid("language.conditions_file_unreadable", "the file cannot be read", errno=error.errno) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
