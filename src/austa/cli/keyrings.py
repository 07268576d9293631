"""`austa keys`: the keys that wrap all others."""

from typing import Annotated

import typer

from austa.cli.command import AsJson, DataFolder, print_json, run, settings_for
from austa.infra.keys import Rotation
from austa.runtime.place import open_house

app = typer.Typer(help="The keys that wrap all others.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="keys")


@app.callback()
def keys() -> None:
    """The keys that wrap all others."""


@app.command(epilog="Example: austa keys rotate --yes")
def rotate(
    data: DataFolder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Wrap every key anew and delete the old wrapping key: what was erased is then unreadable in old backups too.

    AUSTA may go on running. Cut off in the middle, run it again. A backup made before needs the key files that were
    kept beside it: destroy those to make the erasure hold there, and take a new backup now.
    """
    if not yes:
        typer.confirm("Rotate the key-encryption key? Take a new backup afterwards.", abort=True)
    settings = settings_for("keys", data, log_level="error")

    async def go() -> Rotation:
        async with open_house(settings) as house:
            return await house.platform.keys.rotate(await house.identity.operator_ids())

    done = run(go())
    if as_json:
        print_json({"generation": done.generation, "keys": done.keys, "deleted": done.deleted})
        return
    print(f"{done.keys} keys are wrapped under generation {done.generation}.")
    for generation in done.deleted:
        print(f"Generation {generation} is deleted here. Destroy its copies in older key backups; back up anew now.")
