"""`austa demo`: load the demo, or begin it anew."""

import shutil
import sys
from typing import Annotated

import typer

from austa.cli.command import AsJson, DataFolder, print_json, run, settings_for
from austa.infra.postgres.server import find_running
from austa.kernel.errors import Conflict
from austa.runtime.place import open_house, postgres_folder

app = typer.Typer(help="The demo: synthetic people, contracts, papers and requests.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="demo")


@app.command(epilog="Example: austa demo load")
def load(
    data: DataFolder = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load the demo. Loading it twice changes nothing."""
    settings = settings_for("demo", data, demo=True, log_level="error")

    from austa.demo.loading import load_demo

    async def go() -> None:
        async with open_house(settings) as house:
            await load_demo(house, lambda line: None if quiet or as_json else print(line, file=sys.stderr))

    run(go())
    if as_json:
        print_json({"loaded": True})
    elif not quiet:
        print("The demo is loaded.")


@app.command(epilog="Example: austa demo reset --yes")
def reset(data: DataFolder = None, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Throw the whole demo installation away: its database, files and keys. AUSTA must be stopped."""
    settings = settings_for("demo", data, log_level="error")
    if not (settings.data / "demo").exists():
        raise typer.BadParameter(f"{settings.data} holds no demo; nothing was touched")

    async def check() -> None:
        if find_running(postgres_folder(settings.data)) is not None:
            raise Conflict("demo.running", "AUSTA is running on this data folder: stop it first")

    run(check())
    if not yes:
        typer.confirm(f"Everything in {settings.data} will be gone. Go on?", abort=True)
    shutil.rmtree(settings.data)
    print("The demo is gone. The next `austa serve --demo` begins anew.")
