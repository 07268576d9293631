"""`austa`: every command, each with help, an example, and exit codes that mean something.

Exit codes: 0 done; 1 it could not be done (the message says why); 2 the command line is wrong; 69 something
needed does not answer; 78 a setting is wrong (sysexits.h).
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

HOMES = {
    "serve": "serve",
    "work": "serve",
    "migrate": "serve",
    "openapi": "serve",
    "settings": "settings_list",
    "doctor": "doctor",
    "backup": "backups",
    "restore": "backups",
    "import": "imports",
    "reference": "reference",
    "bench": "benchmarks",
    "chat": "conversations",
    "clocks": "clocks",
    "demo": "demos",
    "documents": "documents",
    "operator": "operators",
    "staff": "operators",
    "keys": "keyrings",
    "ledger": "ledgers",
    "outbox": "outboxes",
    "fraud": "fraud",
    "receipt": "receipts",
    "eval": "evaluations",
    "rules": "rules",
    "train": "training",
}
"""Which file of this folder adds which command. Only the one that is called is imported: a command starts in a third of
the time, and so does the supervisor after a crash."""


class Commands(TyperGroup):
    """The commands, each imported when it is asked for. `ctx` is a class that typer keeps to itself."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(HOMES)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:
        if cmd_name not in HOMES:
            return None
        home = typer.Typer(rich_markup_mode=None)
        import_module(f"austa.cli.{HOMES[cmd_name]}").add_to(home)
        found = get_group(home).get_command(ctx, cmd_name)
        assert isinstance(found, TyperCommand | TyperGroup)
        return found


app = typer.Typer(
    name="austa",
    cls=Commands,
    help="Care and prior authorization for Brazilian health-plan operators.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def austa() -> None:
    """Care and prior authorization for Brazilian health-plan operators."""
