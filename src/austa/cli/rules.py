"""`austa rules`: decision tables checked, explained, and run against compatibility cases."""

from pathlib import Path
from typing import Annotated

import typer

from austa.cli.command import AsJson, print_json, say_error
from austa.kernel.errors import AustaError
from austa.modules.prior_auth.adapters.rules_files import run_suites

app = typer.Typer(help="Decision tables in DMN: check, explain, compatibility cases.", no_args_is_help=True)


@app.callback()
def rules() -> None:
    """Decision tables in DMN: check, explain, compatibility cases."""


@app.command(epilog="Example: austa rules tck tests/golden/dmn --json")
def tck(
    folder: Annotated[Path, typer.Argument(help="Folder with models and cases, at any depth.")],
    as_json: AsJson = False,
) -> None:
    """Run cases in the format of the DMN Technology Compatibility Kit, by the standard's null semantics.

    Skipped are decision services, knowledge models asked directly, and what needs full FEEL. Exit code 1 when a case
    fails, or when there is none.
    """
    try:
        suites = run_suites(folder)
    except AustaError as error:
        say_error(error)
        raise typer.Exit(1) from None
    every = [(suite.file, outcome) for suite in suites for outcome in suite.outcomes]
    count = {
        result: sum(outcome.result == result for _, outcome in every) for result in ("passed", "failed", "skipped")
    }
    told = [
        {"file": str(file.relative_to(folder)), "case": outcome.case, "result": outcome.result, "why": outcome.why}
        for file, outcome in every
        if outcome.result != "passed"
    ]
    failures = [entry for entry in told if entry["result"] == "failed"]
    if as_json:
        skips = [entry for entry in told if entry["result"] == "skipped"]
        print_json({**count, "failures": failures, "skips": skips})
    else:
        for entry in told:
            print(f"{entry['result']}: {entry['file']} {entry['case']}: {entry['why']}")
        print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    if failures or not every:
        raise typer.Exit(1)
