"""`austa ledger`: verify the whole log, or one proof, offline."""

from pathlib import Path
from typing import Annotated

import typer

from austa.cli.command import AsJson, DataFolder, OfOperator, caller_for, print_json, run, settings_for
from austa.modules.ledger.api import VerificationReport
from austa.modules.ledger.domain.offline import verify_file
from austa.runtime.place import open_house

app = typer.Typer(help="The tamper-evident log of decisions.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="ledger")


@app.command(epilog="Example: austa ledger verify --json")
def verify(
    data: DataFolder = None,
    operator: OfOperator = None,
    notes: Annotated[list[Path] | None, typer.Option("--note", help="A checkpoint kept elsewhere; may repeat.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the whole log and check every hash, checkpoint and signature. Exit code 1 when something is wrong."""
    settings = settings_for("ledger", data, log_level="error")
    known = tuple(path.read_text() for path in notes or [])

    async def go() -> VerificationReport:
        async with open_house(settings) as house:
            return await house.ledger.verify(await caller_for(house.identity, operator), known)

    report = run(go())
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        print(f"{report.origin}: {report.size} entries, {report.sealed_size} sealed, {report.checkpoints} checkpoints")
        for fault in report.faults:
            print(f"  {fault.place}: {fault.what}")
        print("The log is whole." if report.ok else "THE LOG IS NOT WHOLE.")
    if not report.ok:
        raise typer.Exit(1)


@app.command("verify-proof", epilog="Example: austa ledger verify-proof proof.json")
def verify_proof(
    file: Annotated[Path, typer.Argument(help="A proof saved from the case page or the API.", exists=True)],
    key: Annotated[str | None, typer.Option(help="The log's public key that you trust.")] = None,
    as_json: AsJson = False,
) -> None:
    """Verify one proof offline, without any database. Exit code 1 when it does not hold."""
    verdict = verify_file(file.read_text(), trusted_key=key)
    if as_json:
        print_json(verdict.model_dump(mode="json"))
    else:
        for fault in verdict.faults:
            print(f"  {fault.place}: {fault.what}")
        print("The proof holds." if verdict.ok else "THE PROOF DOES NOT HOLD.")
        if not verdict.key_trusted:
            print("The key in the file was not checked: name the key that you trust with --key.")
    if not verdict.ok:
        raise typer.Exit(1)
