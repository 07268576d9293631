"""`austa outbox parked`: deliveries that wait for a person."""

from typing import Annotated

import typer

from austa.cli.command import AsJson, DataFolder, print_json, run, settings_for
from austa.infra.parked import Parked, ParkedDeliveries
from austa.kernel.errors import NotFound
from austa.runtime.place import open_house

app = typer.Typer(help="The outbox: events on their way.", no_args_is_help=True)
parked = typer.Typer(
    help="Deliveries whose handler kept failing; each holds up later events of its key.", no_args_is_help=True
)
app.add_typer(parked, name="parked")

Number = Annotated[int, typer.Argument(help="Number of the delivery, from `list`.")]


@parked.command("list", epilog="Example: austa outbox parked list --json")
def list_parked(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List them, oldest first. Exit code 1 when there are any."""
    settings = settings_for("outbox", data, log_level="error")

    async def go() -> list[Parked]:
        async with open_house(settings) as house:
            return await ParkedDeliveries(house.platform.database).list()

    found = run(go())
    if as_json:
        print_json([one.__dict__ for one in found])
    else:
        for one in found:
            print(f"{one.id}\t{one.handler}\t{one.event_type}\t{one.attempts} attempts\t{one.reason}")
        print(f"{len(found)} parked")
    if found:
        raise typer.Exit(1)


@parked.command(epilog="Example: austa outbox parked show 17")
def show(number: Number, data: DataFolder = None) -> None:
    """Show one whole, as JSON. It holds ids and codes, no personal data."""
    settings = settings_for("outbox", data, log_level="error")

    async def go() -> Parked:
        async with open_house(settings) as house:
            for one in await ParkedDeliveries(house.platform.database).list():
                if one.id == number:
                    return one
        raise NotFound("outbox.parked", f"no parked delivery has the number {number}")

    print_json(run(go()).__dict__)


@parked.command(epilog="Example: austa outbox parked retry 17")
def retry(number: Number, data: DataFolder = None) -> None:
    """Hand it to its handler again."""
    settings = settings_for("outbox", data, log_level="error")

    async def go() -> None:
        async with open_house(settings) as house:
            await ParkedDeliveries(house.platform.database).retry(number)

    run(go())
    print(f"{number} is tried again.")


@parked.command(epilog="Example: austa outbox parked drop 17 --yes")
def drop(
    number: Number,
    data: DataFolder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Give it up: its effect will never happen, later events of its key go on."""
    if not yes:
        typer.confirm(f"Delivery {number} will never be handled. Drop it?", abort=True)
    settings = settings_for("outbox", data, log_level="error")

    async def go() -> None:
        async with open_house(settings) as house:
            await ParkedDeliveries(house.platform.database).drop(number)

    run(go())
    print(f"{number} was dropped.")


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="outbox")
