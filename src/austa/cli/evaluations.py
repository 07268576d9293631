"""`austa eval`: measure the language module on labelled files that anyone brings."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from austa.bench.corpora import read_rows
from austa.bench.evaluation import (
    FlagLine,
    IntentLine,
    VignetteLine,
    evaluate_intents,
    evaluate_red_flags,
    evaluate_triage,
)
from austa.bench.intervals import Share
from austa.bench.product import open_language
from austa.cli.command import AsJson, print_json, run
from austa.kernel.contracts import Contract

app = typer.Typer(help="Measure the language module on labelled files (JSON lines).", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="eval")


File = Annotated[Path, typer.Argument(help="JSON lines in UTF-8, one message a line.")]
Report = TypeVar("Report", bound=Contract)


@app.command(epilog="Example: austa eval intents messages.jsonl --json")
def intents(file: File, as_json: AsJson = False) -> None:
    """Intents: lines with `text` and `label`. An abstention counts as wrong; of several intents the first counts.

    `authorization_status` counts as `authorization_request` when the file never uses it; a greeting, thanks, yes or no
    as `general_inquiry`.
    """
    report = _run(lambda: evaluate_intents(open_language(), read_rows(file, IntentLine)))
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    print(f"{report.n} messages, macro-F1 {report.macro_f1}, right {_told(report.accuracy)}")
    for label, figures in report.per_class.items():
        print(f"  {label}: F1 {figures.f1}, found {_told(figures.recall)}, right {_told(figures.precision)}")
    print(f"Abstained: {report.abstained}. Model {report.model_version}, lexicon {report.lexicon_version}.")


@app.command("red-flags", epilog="Example: austa eval red-flags messages.jsonl --json")
def red_flags(file: File, as_json: AsJson = False) -> None:
    """Emergencies: lines with `id`, `text_pt`, `label` (emergency, not_emergency) and `category`.

    RED or ORANGE counts as emergency. Shares have Wilson 95 % intervals.
    """
    report = _run(lambda: evaluate_red_flags(open_language(), read_rows(file, FlagLine)))
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    print(f"{report.n} messages: sensitivity {_told(report.sensitivity)}, specificity {_told(report.specificity)}")
    for category, figures in report.per_category.items():
        print(f"  {category}: sensitivity {_told(figures.sensitivity)}, specificity {_told(figures.specificity)}")
    print(f"Missed: {', '.join(report.missed) or 'none'}. False alarms: {', '.join(report.false_alarms) or 'none'}.")
    print(f"Model {report.model_version}, lexicon {report.lexicon_version}.")


@app.command(epilog="Example: austa eval triage vignettes.jsonl --json")
def triage(file: File, as_json: AsJson = False) -> None:
    """Urgency: lines with `id`, `text_pt` and `gold` (emergency, non_emergency, self_care).

    The interview is led with "não sei" as every answer; handed to a person counts as its current level, YELLOW if there
    is none.
    """
    report = _run(lambda: evaluate_triage(open_language(), read_rows(file, VignetteLine)))
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    print(f"{report.n} stories: right {_told(report.accuracy)}, emergencies {_told(report.emergency_sensitivity)}")
    print(f"Too low {_told(report.under_triage)}: {', '.join(report.under) or 'none'}.")
    print(f"Too high {_told(report.over_triage)}: {', '.join(report.over) or 'none'}.")
    print(f"Model {report.model_version}, lexicon {report.lexicon_version}.")


def _run(measure: Callable[[], Report]) -> Report:
    async def go() -> Report:
        return measure()

    return run(go())


def _told(figure: Share) -> str:
    return "-" if figure.value is None else f"{figure.value} ({figure.low} to {figure.high})"
