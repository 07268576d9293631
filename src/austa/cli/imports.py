"""`austa import`: members, contracts and providers from CSV, with a dry run first."""

from pathlib import Path
from typing import Annotated

import typer

from austa.cli.command import AsJson, DataFolder, OfOperator, caller_for, print_json, run, settings_for
from austa.infra.csv_tables import decode_csv
from austa.kernel.imports import ImportReport
from austa.runtime.place import open_house

Csv = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="CSV file; columns in the module's README.")
]
Write = Annotated[bool, typer.Option("--write", help="Write; without it the report says what would happen.")]

app = typer.Typer(help="Import from CSV; a dry run unless --write.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="import")


@app.command(epilog="Example: austa import members --contracts contratos.csv --members beneficiarios.csv --write")
def members(
    contracts: Csv = None,
    members: Csv = None,
    write: Write = False,
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import contracts and members. With any problem nothing is written. Exit code 1 then."""
    _import("members", contracts, members, write, operator, data, as_json)


@app.command(epilog="Example: austa import providers --providers rede.csv --professionals medicos.csv --write")
def providers(
    providers: Csv = None,
    professionals: Csv = None,
    write: Write = False,
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import providers and professionals. With any problem nothing is written. Exit code 1 then."""
    _import("providers", providers, professionals, write, operator, data, as_json)


def _import(
    what: str,
    first: Path | None,
    second: Path | None,
    write: bool,
    operator: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    if first is None and second is None:
        raise typer.BadParameter("name at least one CSV file")
    settings = settings_for("import", data, log_level="error")

    async def go() -> ImportReport:
        async with open_house(settings) as house:
            caller = await caller_for(house.identity, operator)
            door = house.members if what == "members" else house.providers
            return await door.import_csv(caller, _read(first), _read(second), dry_run=not write)

    report = run(go())
    print_json(report.model_dump(mode="json")) if as_json else _tell(report)
    if report.problems:
        raise typer.Exit(1)


def _read(path: Path | None) -> str | None:
    return decode_csv(path.read_bytes()) if path else None


def _tell(report: ImportReport) -> None:
    for problem in report.problems:
        print(f"linha {problem.line}, {problem.column}: {problem.problem} [{problem.code}]")
    verb = "would be" if report.dry_run or report.problems else "were"
    print(
        f"{report.lines} lines: {report.created} {verb} created, {report.updated} updated, {report.unchanged} as before"
    )
    if report.problems:
        print("Nothing was written: mend the lines above and import again.")
