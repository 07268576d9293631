"""`austa eval`: measure what is understood and read on labelled files that anyone brings."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

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
from austa.bench.intervals import Mean, Share
from austa.bench.product import open_language
from austa.cli.command import AsJson, print_json, run, settings_for
from austa.kernel.clock import SystemClock, local_date
from austa.kernel.contracts import Contract

if TYPE_CHECKING:
    from austa.bench.documents.evaluation import DocumentsReport, Figures

app = typer.Typer(help="Measure what is understood and read on labelled files.", no_args_is_help=True)


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


@app.command(epilog="Example: austa eval documents papers --only '*-photo*' --json")
def documents(
    folder: Annotated[Path, typer.Argument(help="Documents, each with NAME.json beside it.", file_okay=False)],
    only: Annotated[str | None, typer.Option(help="Only files of such names, for example '*-photo*'.")] = None,
    limit: Annotated[int | None, typer.Option(help="So many at most, by name.", min=1)] = None,
    today: Annotated[
        datetime | None, typer.Option(help="The day they came in (default: today).", formats=["%Y-%m-%d"])
    ] = None,
    threads: Annotated[
        int | None, typer.Option(help="Threads that read a page (default: AUSTA_READER_THREADS).", min=1)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Documents: text, class and fields as the product's own reader gives them, against what is printed.

    Accepted means that a decision would rest on the value without a person. Every accepted value that is wrong is
    listed. Shares have Wilson 95 % intervals, means those of a bootstrap over documents. Values are shown in clear.
    """
    from austa.bench.documents.evaluation import evaluate_documents, reading_by
    from austa.bench.documents.labels import read_pairs
    from austa.modules.documents.adapters.reader import PageReader

    settings = settings_for("eval", log_level="error")
    day = today.date() if today else local_date(SystemClock().now())

    async def go() -> "DocumentsReport":
        pairs = read_pairs(folder, only, limit)
        reader = PageReader(threads=threads or settings.reader_threads, max_pages=settings.max_pages)
        read = reading_by(reader, open_language(), day, settings.max_upload_mb * 1024 * 1024)
        try:
            return await evaluate_documents(pairs, folder, read, lambda line: print(line, file=sys.stderr, flush=True))
        finally:
            await reader.close()

    report = run(go())
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    _tell_figures("all", report)
    for name, figures in (*report.by_quality.items(), *report.by_class.items()):
        _tell_figures(name, figures)
    for wrong in report.wrong_accepted:
        print(
            f"  wrong: {wrong.file}: {wrong.field}: {wrong.expected or 'nothing'} is printed, {wrong.got} was accepted"
        )
    for unread in report.unread:
        print(f"  unread: {unread.file} [{unread.reason}]")


def _tell_figures(name: str, figures: "Figures") -> None:
    print(
        f"{name}: {figures.n} documents, characters {_told(figures.char_accuracy)},"
        f" class {_told(figures.class_accuracy)}, fields right {_told(figures.field_precision)},"
        f" found {_told(figures.field_recall)},"
        f" wrong {len(figures.wrong_accepted)}, {figures.seconds_per_page.value} s a page"
    )


def _run(measure: Callable[[], Report]) -> Report:
    async def go() -> Report:
        return measure()

    return run(go())


def _told(figure: Share | Mean) -> str:
    return "-" if figure.value is None else f"{figure.value} ({figure.low} to {figure.high})"
