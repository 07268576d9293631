"""`austa clocks`: legal time of an operator: whose holidays count, and how long answers took."""

import csv
import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, cast, get_args

import typer

from austa.cli.command import AsJson, DataFolder, OfOperator, caller_for, print_json, run, settings_for
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import SystemClock, local_date
from austa.kernel.holidays import STATES, State
from austa.modules.prior_auth.api.clocks import ResponseRecord, ServiceClass
from austa.runtime.place import open_house

NATION = "BR"
DAY = "%Y-%m-%d"
CLASSES: Mapping[ServiceClass, str] = {
    "urgency": "urgência e emergência",
    "lab": "análises clínicas",
    "basic_consult": "consulta básica",
    "dental": "odontologia",
    "specialty_consult": "consulta em outra especialidade",
    "therapy": "consulta ou sessão de terapia",
    "other_outpatient": "outro diagnóstico ou terapia",
    "day_hospital": "hospital-dia",
    "oral_antineoplastic": "antineoplásico oral",
    "high_complexity": "alta complexidade (PAC)",
    "elective_admission": "internação eletiva",
    "non_care": "não assistencial",
}
HEADINGS = {
    "term_days": "prazo_dias_uteis",
    "requests": "pedidos",
    "answered_in_term": "respondidos_no_prazo",
    "answered_late": "respondidos_fora_do_prazo",
    "open_in_term": "abertos_no_prazo",
    "open_late": "abertos_fora_do_prazo",
    "given_up": "desistencias",
    "median_days": "mediana_dias_uteis",
    "longest_days": "maior_dias_uteis",
    "median_minutes": "mediana_minutos",
    "longest_minutes": "maior_minutos",
}

app = typer.Typer(help="Legal terms: the calendar they run on, and the record of answers.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="clocks")


@app.command(epilog="Example: austa clocks calendar --year 2027")
def calendar(
    year: Annotated[int | None, typer.Option(help="Default: this year.", min=2024, max=2200)] = None,
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the weekdays of a year on which no term of the operator runs, each with its law."""
    settings = settings_for("clocks", data, log_level="error")
    shown = year or local_date(SystemClock().now()).year

    async def go() -> BusinessCalendar:
        async with open_house(settings) as house:
            return await house.clocks.calendar(await caller_for(house.identity, operator))

    found = run(go())
    off = found.days_off(date(shown - 1, 12, 31), date(shown, 12, 31))
    left_out = STATES[found.state].left_out if found.state else ""
    if as_json:
        print_json({"calendar": found.id, "year": shown, "days_off": [one.__dict__ for one in off], "note": left_out})
        return
    print(f"{found.id}, {shown}")
    for one in off:
        print(f"{one.day:%d/%m} {one.name} ({one.law})")
    if left_out:
        print(f"Os dias a seguir contam como úteis: {left_out}")


@app.command(epilog="Example: austa clocks state SP")
def state(
    uf: Annotated[str, typer.Argument(help=f"UF whose holidays count, or {NATION} for the nation's alone.")],
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Count terms by the holidays of a state too. Terms that were counted before stay as they are."""
    chosen = state_of(uf)
    settings = settings_for("clocks", data, log_level="error")

    async def go() -> BusinessCalendar:
        async with open_house(settings) as house:
            return await house.clocks.set_state(await caller_for(house.identity, operator), chosen)

    found = run(go())
    print_json({"calendar": found.id}) if as_json else print(f"Terms are counted by {found.id}.")


@app.command(epilog="Example: austa clocks watch")
def watch(operator: OfOperator = None, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Set the warnings of open requests that an older version took; safe to repeat. New ones have theirs."""
    settings = settings_for("clocks", data, log_level="error")

    async def go() -> int:
        async with open_house(settings) as house:
            return await house.clocks.watch_open(await caller_for(house.identity, operator))

    watched = run(go())
    print_json({"watched": watched}) if as_json else print(f"{watched} open requests are watched now.")


@app.command(epilog="Example: austa clocks export --from 2026-10-01 --to 2026-12-31 > respostas.csv")
def export(
    first: Annotated[datetime, typer.Option("--from", formats=[DAY], help="First day of receipt, AAAA-MM-DD.")],
    last: Annotated[datetime, typer.Option("--to", formats=[DAY], help="Last day of receipt, AAAA-MM-DD.")],
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Export response times for the regulator, by class of service, as CSV (`;`, decimal comma). Nothing personal."""
    settings = settings_for("clocks", data, log_level="error")

    async def go() -> tuple[str, ResponseRecord]:
        async with open_house(settings) as house:
            caller = await caller_for(house.identity, operator)
            registry = (await house.identity.get_operator(caller)).ans_registry
            return registry, await house.clocks.response_times(caller, first.date(), last.date())

    registry, record = run(go())
    if as_json:
        print_json({"ans_registry": registry, **record.model_dump(mode="json")})
        return
    table = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    table.writerow(("registro_ans", "de", "ate", "classe", *HEADINGS.values()))
    for one in record.classes:
        cells = (_cell(getattr(one, name)) for name in HEADINGS)
        table.writerow((registry, record.first_day, record.last_day, CLASSES[one.service_class], *cells))


def _cell(value: float | None) -> str:
    """Whole numbers plain, halves with a comma, nothing for what there is not."""
    return "" if value is None else f"{value:g}".replace(".", ",")


def state_of(uf: str) -> State | None:
    """The state that was typed; None for the nation alone."""
    typed = uf.strip().upper()
    if typed not in (NATION, *get_args(State)):
        raise typer.BadParameter(f"no such state: name one of {', '.join(get_args(State))}, or {NATION}")
    return None if typed == NATION else cast(State, typed)
