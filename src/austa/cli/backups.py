"""`austa backup` and `austa restore`."""

from pathlib import Path
from typing import Annotated

import typer

from austa.cli.command import AsJson, DataFolder, print_json, run, settings_for


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command(epilog="Example: austa backup /mnt/backups/austa --keys /mnt/safe/austa-keys")(backup)
    app.command(epilog="Example: austa restore /mnt/backups/austa --keys /mnt/safe/austa-keys --data /srv/austa")(
        restore
    )


def backup(
    folder: Annotated[Path, typer.Argument(help="New folder for database and files.")],
    keys: Annotated[Path, typer.Option(help="New folder for the keys. Keep it apart from the rest.")],
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Copy database, files and keys, beside a running server or without one.

    The keys go to a folder of their own: who has only one of the two can read nothing.
    """
    from austa.runtime.backup import back_up

    settings = settings_for("backup", data, log_level="error")
    made = run(back_up(settings, folder.absolute(), keys.absolute()))
    print_json(made) if as_json else print(f"Backed up to {folder}; the keys are in {keys}. Keep them apart.")


def restore(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="What `austa backup` made.")],
    keys: Annotated[Path, typer.Option(exists=True, file_okay=False, help="The keys that were kept apart.")],
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Restore into an empty data folder and verify the ledger. Exit code 1 when the log is not whole."""
    from austa.runtime.backup import restore_backup

    settings = settings_for("restore", data, log_level="error")
    report = run(restore_backup(settings, folder.absolute(), keys.absolute()))
    if as_json:
        print_json(report)
    else:
        print(f"Restored into {settings.data}. Ledger: {'whole' if report['ledger_ok'] else 'NOT WHOLE'}.")
    if not report["ledger_ok"]:
        raise typer.Exit(1)
