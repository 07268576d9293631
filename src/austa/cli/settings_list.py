"""`austa settings`: every setting, its value and what it means."""

from typing import Any

import typer
from pydantic import SecretStr

from austa.cli.command import AsJson, DataFolder, print_json, settings_for
from austa.infra.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("settings", epilog="Example: AUSTA_PORT=9000 austa settings")(list_settings)


def list_settings(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List every setting with its value; secrets are masked. A wrong one is an error."""
    settings = settings_for("settings", data)
    rows = [
        {
            "name": f"AUSTA_{name.upper()}",
            "value": _shown(getattr(settings, name)),
            "set": name in settings.model_fields_set,
            "meaning": field.description,
        }
        for name, field in Settings.model_fields.items()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        print(f"{row['name']}={row['value']}{'' if row['set'] else '   (default)'}\n    {row['meaning']}")


def _shown(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)
