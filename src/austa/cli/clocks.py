"""`austa clocks`: legal time of an operator: whose holidays count, and how long answers took."""

from datetime import date, datetime
from typing import Annotated, cast, get_args

import typer

from austa.cli.command import AsJson, DataFolder, OfOperator, caller_for, print_json, run, settings_for
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import SystemClock, local_date
from austa.kernel.holidays import STATES, State
from austa.modules.prior_auth.api.clocks import ResponseRecord
from austa.runtime.place import open_house

NATION = "BR"
DAY = "%Y-%m-%d"
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
    print_json({"calendar": found.id}) if as_json else print(f"Os prazos são contados por {found.id}.")


@app.command(epilog="Example: austa clocks watch")
def watch(operator: OfOperator = None, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Set the warnings of open requests that an older version took; safe to repeat. New ones have theirs."""
    settings = settings_for("clocks", data, log_level="error")

    async def go() -> int:
        async with open_house(settings) as house:
            return await house.clocks.watch_open(await caller_for(house.identity, operator))

    watched = run(go())
    print_json({"watched": watched}) if as_json else print(f"{watched} pedidos abertos são vigiados agora.")


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

    async def go() -> tuple[ResponseRecord, str]:
        async with open_house(settings) as house:
            asked = await caller_for(house.identity, operator), first.date(), last.date()
            return await house.clocks.response_times(*asked), await house.clocks.export_response_times(*asked)

    record, table = run(go())
    print_json(record.model_dump(mode="json")) if as_json else print(table, end="")


def state_of(uf: str) -> State | None:
    """The state that was typed; None for the nation alone."""
    typed = uf.strip().upper()
    if typed not in (NATION, *get_args(State)):
        raise typer.BadParameter(f"no such state: name one of {', '.join(get_args(State))}, or {NATION}")
    return None if typed == NATION else cast(State, typed)
