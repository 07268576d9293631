"""What every command shares: options, the event loop, errors as messages and exit codes, JSON for machines."""

import asyncio
import json
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from austa.infra import telemetry
from austa.infra.settings import Settings, load_settings
from austa.kernel.actors import Caller
from austa.kernel.errors import AustaError, Invalid, NotFound
from austa.kernel.ids import OperatorId

if TYPE_CHECKING:
    from austa.modules.identity.api import Identity

Result = TypeVar("Result")

DataFolder = Annotated[
    Path | None, typer.Option("--data", help="Data folder (default: AUSTA_DATA).", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
OfOperator = Annotated[
    str | None, typer.Option("--operator", help="ANS registry of the operator, when there are several.")
]

EXIT_BY_KIND = {"unavailable": os.EX_UNAVAILABLE}


def settings_for(process: str, data: Path | None = None, **overrides: Any) -> Settings:
    """Load the settings, or leave with 78 and a line for each wrong one."""
    try:
        settings = load_settings(data=data.absolute() if data else None, **overrides)
    except AustaError as error:
        say_error(error)
        raise typer.Exit(os.EX_CONFIG) from None
    telemetry.configure(settings, process)
    return settings


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a command; an expected failure becomes its message and an exit code."""
    try:
        return asyncio.run(work)
    except AustaError as error:
        say_error(error)
        wrong_setting = error.code.startswith("settings.")
        raise typer.Exit(os.EX_CONFIG if wrong_setting else EXIT_BY_KIND.get(error.kind, 1)) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def say_error(error: AustaError) -> None:
    """One line on stderr: what is wrong, and the code to quote."""
    print(f"austa: {error.message} [{error.code}]", file=sys.stderr)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


async def caller_for(identity: "Identity", registry: str | None) -> Caller:
    """The system, acting for the named operator, or for the only one there is."""
    if registry is not None:
        found = await identity.find_operator(registry)
        if found is None:
            raise NotFound("cli.no_such_operator", f"no operator has the ANS registry {registry}")
        return Caller.system(found, "cli")
    operators: tuple[OperatorId, ...] = await identity.operator_ids()
    if not operators:
        raise NotFound("cli.no_operator", "there is no operator yet: austa operator create")
    if len(operators) > 1:
        raise Invalid("cli.which_operator", "there are several operators: name one with --operator REGISTRY")
    return Caller.system(operators[0], "cli")
