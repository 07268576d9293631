"""`python -m austa.cli` is `austa`: how the supervisor starts its children."""

from austa.cli.main import app

app(prog_name="austa")
