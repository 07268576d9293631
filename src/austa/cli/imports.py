"""`austa import`: members, contracts, providers and holidays from CSV, coverage from JSON, with a dry run first."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from austa.cli.command import AsJson, DataFolder, OfOperator, caller_for, print_json, run, settings_for
from austa.infra.csv_tables import decode_csv
from austa.kernel.actors import Caller
from austa.kernel.imports import ImportProblem, ImportReport
from austa.modules.fraud.api import Table
from austa.modules.prior_auth.api.clocks import HolidayImport
from austa.modules.prior_auth.api.coverage import CoverageReport
from austa.runtime.place import open_house

if TYPE_CHECKING:
    from austa.runtime.compose import House

Report = TypeVar("Report", HolidayImport, CoverageReport, ImportReport)

Csv = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="CSV file; columns in the module's README.")
]
Write = Annotated[bool, typer.Option("--write", help="Write; without it the report says what would happen.")]

MANY = 20
NOTHING_WRITTEN = "Nada foi gravado: corrija as linhas acima e importe de novo."

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


@app.command(epilog="Example: austa import holidays feriados.csv --write")
def holidays(
    table: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV data;nome;lei: 25/01, 03/11/2027, …")],
    write: Write = False,
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take over the operator's own holidays: municipal ones, and days that a decree places.

    The file is the whole list: what is not in it is removed. With any problem nothing is written. Exit code 1 then.
    """

    async def take_in(house: "House", caller: Caller) -> HolidayImport:
        return await house.clocks.import_holidays(caller, decode_csv(table.read_bytes()), dry_run=not write)

    report = _in_house(data, operator, take_in)
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        _tell_problems(report.problems)
        print(f"{report.lines} linhas: {report.added} novas, {report.removed} a retirar, {report.unchanged} como antes")
        _tell_outcome(report.dry_run, report.problems, f"Os prazos são contados por {report.calendar_id}.")
    if report.problems:
        raise typer.Exit(1)


@app.command(epilog="Example: austa import tiebreakers desempatadores.csv --write")
def tiebreakers(
    table: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV; columns in `medical_audit`.")],
    write: Write = False,
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Keep the register of physicians who may be named for the tie-break of a medical board (RN ANS 424/2017).

    Nobody is removed: who left is listed as not active. With any problem nothing is written. Exit code 1 then.
    """

    async def take_in(house: "House", caller: Caller) -> ImportReport:
        return await house.tiebreakers.import_csv(caller, decode_csv(table.read_bytes()), dry_run=not write)

    _report(_in_house(data, operator, take_in), as_json)


@app.command(epilog="Example: austa import coverage rol-2026.json --write")
def coverage(
    pack: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A coverage pack: JSON in UTF-8.")],
    write: Write = False,
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check an operator's coverage pack and keep it as a proposal; a technical director puts it in force.

    Its examples are run. With any problem nothing is written. Exit code 1 then.
    """

    async def take_in(house: "House", caller: Caller) -> CoverageReport:
        return await house.coverage.import_pack(caller, pack.read_bytes(), dry_run=not write)

    report = _in_house(data, operator, take_in)
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        _tell_problems(report.problems)
        changes = f"{len(report.added)} novos, {len(report.changed)} mudados, {len(report.removed)} retirados"
        print(f"{report.items} itens ({changes}), {report.examples} exemplos rodados")
        if report.known:
            print("Este mesmo pacote já tinha entrado: nada foi gravado.")
        else:
            _tell_outcome(report.dry_run, report.problems, "Guardado como proposta: a direção técnica o põe em vigor.")
    if report.problems:
        raise typer.Exit(1)


@app.command(epilog="Example: austa import signals services contas.csv --write")
def signals(
    table: Annotated[Table, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV; columns in the README of `fraud`.")],
    write: Write = False,
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take over what another system knows and a fraud rule needs.

    Bills of performed services, admissions, owners of suppliers, opening hours, devices of the portal. With any
    problem nothing is written. Exit code 1 then.
    """

    async def take_in(house: "House", caller: Caller) -> ImportReport:
        return await house.fraud.import_csv(caller, table, decode_csv(file.read_bytes()), dry_run=not write)

    _report(_in_house(data, operator, take_in), as_json)


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

    async def take_in(house: "House", caller: Caller) -> ImportReport:
        door = house.members if what == "members" else house.providers
        return await door.import_csv(caller, _read(first), _read(second), dry_run=not write)

    _report(_in_house(data, operator, take_in), as_json)


def _in_house(
    data: Path | None, operator: str | None, take_in: Callable[["House", Caller], Awaitable[Report]]
) -> Report:
    """Open the house for one import, as the operator's own system."""
    settings = settings_for("import", data, log_level="error")

    async def go() -> Report:
        async with open_house(settings) as house:
            return await take_in(house, await caller_for(house.identity, operator))

    return run(go())


def _report(report: ImportReport, as_json: bool) -> None:
    print_json(report.model_dump(mode="json")) if as_json else _tell(report)
    if report.problems:
        raise typer.Exit(1)


def _read(path: Path | None) -> str | None:
    return decode_csv(path.read_bytes()) if path else None


def _tell(report: ImportReport) -> None:
    _tell_problems(report.problems)
    print(f"{report.lines} linhas: {report.created} novas, {report.updated} mudadas, {report.unchanged} como antes")
    _tell_outcome(report.dry_run, report.problems, "Gravado.")


def _tell_problems(problems: Sequence[ImportProblem]) -> None:
    """Each with its place; of many, which ones come how often, for one slip is often made in every line."""
    for problem in problems:
        print(f"linha {problem.line}, {problem.column}: {problem.problem} [{problem.code}]")
    if len(problems) > MANY:
        print("Em resumo:")
        alike = Counter((problem.column.rpartition(".")[2], problem.problem) for problem in problems)
        for (column, sentence), count in alike.most_common():
            print(f"  {count} vezes em {column}: {sentence}")


def _tell_outcome(dry_run: bool, problems: Sequence[ImportProblem], written: str) -> None:
    if problems:
        print(NOTHING_WRITTEN)
    else:
        print("Só um ensaio: nada foi gravado. Acrescente --write." if dry_run else written)
