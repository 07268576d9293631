"""The day of the first load: ages and dates of the demo are counted from it, so that a second load changes nothing."""

from datetime import date
from pathlib import Path

from austa.infra.processes import write_private
from austa.kernel.clock import Clock, local_date


def first_day(folder: Path, clock: Clock) -> date:
    """The day kept in the demo's folder; today's is kept when there is none."""
    path = folder / "first-day"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, local_date(clock.now()).isoformat().encode())
    return date.fromisoformat(path.read_text())
