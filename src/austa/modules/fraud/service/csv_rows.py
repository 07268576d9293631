"""The lines of the CSV files as records. The columns are documented in the module's README."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from austa.infra.csv_tables import CsvRow
from austa.modules.fraud.api import Laterality, Table
from austa.modules.fraud.domain.records import Hours, Ownership, Record, Service, Stay, Use, Who

SIDES = MappingProxyType[str, Laterality | None](
    {
        "": None,
        "right": "right",
        "direito": "right",
        "left": "left",
        "esquerdo": "left",
        "both": "both",
        "ambos": "both",
    }
)
WEEKDAYS = MappingProxyType(
    {"segunda": 0, "terça": 1, "quarta": 2, "quinta": 3, "sexta": 4, "sábado": 5, "domingo": 6, "feriado": 7}
    | {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6, "holiday": 7}
)
KINDS = MappingProxyType({"device": False, "aparelho": False, "address": True, "ip": True})


@dataclass(frozen=True)
class Form:
    """The columns of one table and how a line is read."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    make: Callable[[CsvRow], Record]


def _service(row: CsvRow) -> Service:
    who = _who(row) if row.text("number") else None
    return Service(
        line=row.required_text("line"),
        card=row.required_text("card"),
        provider=row.required_text("provider"),
        performer=who,
        tuss=row.required_text("tuss"),
        laterality=row.choice("side", SIDES),
        day=row.required_day("day"),
        minute=row.minute("time"),
        minutes=_whole(row, "minutes"),
    )


def _stay(row: CsvRow) -> Stay:
    return Stay(row.required_text("card"), row.required_text("provider"), row.required_day("since"), row.day("until"))


def _ownership(row: CsvRow) -> Ownership:
    return Ownership(_who(row), row.required_text("supplier"))


def _hours(row: CsvRow) -> Hours:
    return Hours(
        row.required_text("provider"),
        row.choice("weekday", WEEKDAYS),
        _needed_minute(row, "opens"),
        _needed_minute(row, "closes"),
    )


def _use(row: CsvRow) -> Use:
    return Use(
        row.required_text("card"),
        row.required_text("device"),
        row.choice("kind", KINDS),
        row.required_day("day"),
        _needed_minute(row, "time"),
    )


def _who(row: CsvRow) -> Who:
    return Who(row.required_text("council"), row.required_text("uf"), row.required_text("number"))


def _whole(row: CsvRow, column: str) -> int | None:
    number = row.number(column)
    return None if number is None else int(number)


def _needed_minute(row: CsvRow, column: str) -> int:
    if row.text(column) is None:
        row.note(column, "missing")
    return row.minute(column) or 0


FORMS: MappingProxyType[Table, Form] = MappingProxyType(
    {
        "services": Form(
            ("line", "card", "provider", "tuss", "day"),
            ("council", "uf", "number", "side", "time", "minutes"),
            _service,
        ),
        "admissions": Form(("card", "provider", "since"), ("until",), _stay),
        "owners": Form(("council", "uf", "number", "supplier"), (), _ownership),
        "openings": Form(("provider", "weekday", "opens", "closes"), (), _hours),
        "devices": Form(("card", "kind", "device", "day", "time"), (), _use),
    }
)
