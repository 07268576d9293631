"""An operator's own holidays as a table: municipal ones, and state ones that a decree places."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

from austa.kernel.errors import Invalid
from austa.kernel.holidays import Holiday

COLUMNS = ("data", "nome", "lei")
LONGEST_TEXT = 200
SENTENCES = MappingProxyType(
    {
        "day_wrong": "A data deve ser dd/mm (todo ano), dd/mm/aaaa (uma vez) ou páscoa+60, páscoa-47.",
        "too_long": "O texto é longo demais.",
    }
)

Fault = tuple[str, str]
"""A column and a key of `SENTENCES`."""

_DAY = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", re.ASCII)
_EASTER = re.compile(r"pascoa ?([+-]) ?(\d{1,3})", re.ASCII)


def read_day(text: str) -> str | None:
    """`when` of a `Holiday` from what operators write: 25/01, 25/01/2027, 2027-01-25, páscoa+60; None: unreadable."""
    plain = unicodedata.normalize("NFD", text.casefold()).encode("ascii", "ignore").decode()
    easter, day = _EASTER.fullmatch(plain), _DAY.fullmatch(text)
    if easter:
        return f"easter{easter[1]}{int(easter[2])}"
    if day:
        month_and_day = f"{int(day[2]):02}-{int(day[1]):02}"
        return f"{day[3]}-{month_and_day}" if day[3] else month_and_day
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def day_text(when: str) -> str:
    """What `read_day` reads as that `when`: 25/01, 25/01/2027, páscoa+60."""
    if when.startswith("easter"):
        return when.replace("easter", "páscoa")
    *year, month, day = when.split("-")
    return "/".join((day, month, *year))


def read_holiday(name: str, day: str, law: str) -> Holiday | None:
    """The holiday of a line; None where its day is none."""
    when = read_day(day)
    try:
        return Holiday(name, when, law) if when else None
    except Invalid:
        return None


def faults(name: str, day: str, law: str) -> Iterator[Fault]:
    """What is wrong with a line."""
    if read_holiday(name, day, law) is None:
        yield ("data", "day_wrong")
    yield from ((column, "too_long") for column, text in (("nome", name), ("lei", law)) if len(text) > LONGEST_TEXT)
