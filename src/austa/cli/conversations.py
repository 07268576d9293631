"""`austa chat`: conversations, for the operator's engineers."""

import sys
from typing import Annotated

import typer

from austa.cli.command import DataFolder, OfOperator, caller_for, run, settings_for
from austa.kernel.errors import Invalid
from austa.runtime.place import open_house

app = typer.Typer(help="Conversations of members.", no_args_is_help=True)


@app.callback()
def chat() -> None:
    """Conversations of members."""


@app.command(epilog="Example: austa chat export --json-lines --data /var/lib/austa/data > messages.jsonl")
def export(
    json_lines: Annotated[
        bool, typer.Option("--json-lines", help="One JSON object a line; there is no other form.")
    ] = False,
    data: DataFolder = None,
    operator: OfOperator = None,
) -> None:
    """Print every message that members sent, conversation by conversation, each in its order.

    It works beside a running server.

    A line has `wamid`, `conversation` (opaque), `received_at`, `sent_at` (by Meta's clock), `type` and `text` as it was
    received. It is personal data in clear: each person's access record says that it was taken out.
    """
    settings = settings_for("chat", data, log_level="error")

    async def go() -> None:
        if not json_lines:
            raise Invalid("cli.form", "say --json-lines: it is the only form there is")
        async with open_house(settings) as house:
            async for message in house.chat.export(await caller_for(house.identity, operator)):
                sys.stdout.buffer.write(message.reveal_bytes() + b"\n")
        sys.stdout.flush()

    run(go())


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="chat")
