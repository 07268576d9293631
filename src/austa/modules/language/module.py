"""Wiring of `language`."""

from pathlib import Path

from austa.kernel.clock import Clock
from austa.modules.language.service import LanguageService


def build(clock: Clock, conditions_file: Path | None = None) -> LanguageService:
    """The service behind `Language` and `Terminology`. `conditions_file`: where an imported CID-10 table is kept."""
    return LanguageService(clock, conditions_file)
