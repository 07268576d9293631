"""`austa train`: fit the shipped models anew from the corpora under version control."""

from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from austa.cli.command import AsJson, print_json, run
from austa.kernel.clock import SystemClock, local_date
from austa.kernel.errors import Invalid, Unavailable

app = typer.Typer(help="Fit the shipped models anew from the corpora.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="train")


SHIPPED = Path("src/austa/modules/language/adapters")


@app.callback()
def train() -> None:
    """Fit the shipped models anew from the corpora."""


@app.command(epilog="Example: austa train intents --version 2026.11.22")
def intents(
    corpus: Annotated[Path, typer.Option(help="The folder of the language corpora.")] = Path("corpora/language"),
    into: Annotated[Path, typer.Option(help="Where intent_model.npz and .json are written.")] = SHIPPED,
    version: Annotated[str | None, typer.Option(help="A date as YYYY.MM.DD (default: today).")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the intent model on authors it has not read, then fit the head that ships. Takes a few minutes.

    The same corpus gives the same bytes on one machine. Needs scikit-learn, which `make setup` installs.
    """

    async def go() -> dict[str, Any]:
        if find_spec("sklearn") is None:
            raise Unavailable("bench.no_scikit_learn", "training needs scikit-learn: make setup")
        # Imported late: scikit-learn takes a second, and no other command wants it.
        from austa.bench.intent_training import read_corpus, train

        trained = train(read_corpus(corpus), _version(version))
        (into / "intent_model.npz").write_bytes(trained.arrays)
        (into / "intent_model.json").write_text(trained.card.model_dump_json(indent=1) + "\n", "utf-8")
        return {"version": trained.card.version, "sha256": trained.card.sha256, **trained.figures}

    figures = run(go())
    if as_json:
        print_json(figures)
    else:
        print(f"{figures['version']}: macro-F1 {figures['macro_f1']} on authors not read")


def _version(given: str | None) -> str:
    day = local_date(SystemClock().now())
    if given is not None:
        try:
            day = date.fromisoformat(given.replace(".", "-"))
        except ValueError:
            raise Invalid("bench.bad_version", "a version is a date as YYYY.MM.DD") from None
    return f"{day:%Y.%m.%d}"
