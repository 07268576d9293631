"""`austa bench`: the benchmarks, each with its method in docs/benchmarks."""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from austa.cli.command import AsJson, print_json, run
from austa.kernel.clock import SystemClock, local_date
from austa.kernel.errors import Unexpected

app = typer.Typer(help="The benchmarks; methods and results are in docs/benchmarks.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="bench")


_MEMORY = "import json; from austa.bench.language_speed import measure_memory; print(json.dumps(measure_memory()))"


@app.callback()
def bench() -> None:
    """The benchmarks; methods and results are in docs/benchmarks."""


@app.command(epilog="Example: austa bench language --json")
def language(
    corpus: Annotated[Path, typer.Option(help="The folder of the language corpora.")] = Path("corpora/language"),
    most: Annotated[int, typer.Option(help="Messages at most.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """Red flags, whole analysis and the bare encoder on one core, and the memory of a process that understands."""

    async def go() -> dict[str, Any]:
        from austa.bench.language_speed import measure_language

        memory = await _measure_memory()
        return {**measure_language(corpus, most), "memory_mb": memory}

    figures = run(go())
    if as_json:
        print_json(figures)
        return
    for name in ("red_flags", "analysis_single", "encoder_single"):
        part = figures[name]
        print(f"{name}: p50 {part['p50_ms']} ms, p99 {part['p99_ms']} ms, {part['messages_per_second']} messages/s")
    for name in ("analysis_batches", "encoder_batches"):
        print(f"{name} of {figures['batch']}: {figures[name]['messages_per_second']} messages/s")
    print(f"memory: {figures['memory_mb']['pss']} MB PSS, {figures['memory_mb']['rss']} MB RSS")


@app.command(epilog="Example: austa bench dmn --json")
def dmn(
    requests: Annotated[int, typer.Option(help="Requests in each round.", min=100)] = 5_000,
    as_json: AsJson = False,
) -> None:
    """Decisions a second of one core over a table of 30 rules, beside zen-engine on the table's twin if installed."""

    async def go() -> dict[str, Any]:
        from austa.bench.rules_speed import measure_rules

        return measure_rules(requests)

    figures = run(go())
    if as_json:
        print_json(figures)
        return
    ours, new, zen = figures["decisions_per_s"], figures["decisions_per_s_new_amounts"], figures["zen"]
    print(f"{ours} decisions/s, {new}/s when every amount is new")
    if zen is None:
        print("zen-engine is not installed (pip install zen-engine): no comparison.")
    else:
        print(f"zen-engine {zen['version']}: {zen['decisions_per_s']} decisions/s, {figures['times_zen']} times less")


@app.command(epilog="Example: austa bench coverage --json")
def coverage(
    items: Annotated[int, typer.Option(help="Items of the pack.", min=100, max=5000)] = 3_400,
    faults: Annotated[int, typer.Option(help="Items that are wrong in the spoiled pack.", min=0)] = 500,
    as_json: AsJson = False,
) -> None:
    """Import a pack as large as the whole Rol: checked, spoiled, written, put in force, and one answer by it."""

    async def go() -> dict[str, Any]:
        from austa.bench.coverage_speed import measure_coverage

        return await measure_coverage(items, faults)

    figures = run(go())
    if as_json:
        print_json(figures)
        return
    for name, figure in figures.items():
        print(f"{name}: {figure}")


@app.command(name="prior-auth", epilog="Example: austa bench prior-auth --rate 60 --json")
def prior_auth(
    rate: Annotated[float, typer.Option(help="Requests offered a second.", min=1)] = 60,
    seconds: Annotated[float, typer.Option(help="How long they are offered at that rate.", min=5)] = 30,
    stored: Annotated[int, typer.Option(help="Requests stored before; the figures are taken without them too.")] = 0,
    kill: Annotated[bool, typer.Option("--kill", help="Kill processes meanwhile; report what was lost.")] = False,
    as_json: AsJson = False,
) -> None:
    """From a complete request to its guide number, over HTTP on a whole installation; the highest sustained rate."""

    async def go() -> dict[str, Any]:
        from austa.bench.authorizations.measure import measure

        return await measure(rate, seconds, stored, lambda line: print(line, file=sys.stderr), kill=kill)

    figures = run(go())
    if as_json:
        print_json(figures)
        return
    if kill:
        print(f"killed {', '.join(figures['killed'])}; found: {figures['damage']}")
        return
    print(f"{figures['requests_per_s']} requests/s sustained")
    print(f"at {figures['offered_per_s']}/s: p50 {figures['p50_ms']} ms, p95 {figures['p95_ms']} ms")


@app.command(epilog="Example: austa bench chat --rate 300 --seconds 60 --kill 10 --json")
def chat(
    rate: Annotated[float, typer.Option(help="Messages offered a second.", min=1)] = 300,
    seconds: Annotated[float, typer.Option(help="How long members write.", min=1)] = 60,
    members: Annotated[int, typer.Option(help="How many members write.", min=1)] = 20_000,
    kill: Annotated[int, typer.Option(help="So many times a process is killed; every third time all are.", min=0)] = 0,
    mps: Annotated[int | None, typer.Option(help="Limit of the number. Default: the rate, at least 80.")] = None,
    as_json: AsJson = False,
) -> None:
    """Members write to a whole installation through a stand-in for Meta; what was lost, doubled, late, and how fast."""

    async def go() -> dict[str, Any]:
        from austa.bench.conversations.measure import LEAST_PER_SECOND, Run, measure

        per_second = mps or max(round(rate), LEAST_PER_SECOND)
        offered = Run(rate, seconds, members, kill, per_second)
        return await measure(offered, lambda line: print(line, file=sys.stderr))

    figures = run(go())
    if as_json:
        print_json(figures)
        return
    for name, figure in figures.items():
        print(f"{name}: {figure}")


@app.command(epilog="Example: austa bench inbox --json")
def inbox(
    webhooks: Annotated[int, typer.Option(help="Webhooks a round.", min=100)] = 4_000,
    connections: Annotated[int, typer.Option(help="Connections that post side by side.", min=1)] = 64,
    rounds: Annotated[int, typer.Option(help="Rounds of each door; figures are their medians.", min=1)] = 3,
    as_json: AsJson = False,
) -> None:
    """From webhook to committed row: AUSTA beside a pywa handler and a bare ASGI app; then the whole of AUSTA."""

    async def go() -> dict[str, Any]:
        from austa.bench.inbox.measure import Run, measure

        return await measure(Run(webhooks, connections, rounds), lambda line: print(line, file=sys.stderr))

    figures = run(go())
    if as_json:
        print_json(figures)
        return
    for name, figure in figures.items():
        print(f"{name}: {figure}")


@app.command(epilog="Example: austa bench documents papers --n 200 --seed 1 --set build")
def documents(
    folder: Annotated[Path, typer.Argument(help="Where they are written.", file_okay=False)],
    n: Annotated[int, typer.Option(help="How many documents.", min=1)] = 200,
    seed: Annotated[int, typer.Option(help="Another seed draws other people, numbers and photos.")] = 1,
    family: Annotated[str, typer.Option("--set", help="build: to work with; held-out: to measure on.")] = "build",
    today: Annotated[
        datetime | None, typer.Option(help="The papers are of the weeks before (default: today).", formats=["%Y-%m-%d"])
    ] = None,
) -> None:
    """Draw labelled Brazilian papers for `austa eval documents`: scans, photos, bad photos, PDFs of the 13 classes.

    Whoever builds the reader works with `build` and never looks at `held-out`.
    """
    from austa.bench.documents.generator import FAMILIES, write_documents

    chosen = next((each for each in FAMILIES if each == family), None)
    if chosen is None:
        raise typer.BadParameter(f"there are {', '.join(FAMILIES)}", param_hint="--set")
    day = today.date() if today else local_date(SystemClock().now())
    write_documents(folder, n, seed, chosen, day, lambda line: print(line, file=sys.stderr, flush=True))


async def _measure_memory() -> dict[str, Any]:
    """In a process of its own: this one has the whole command line loaded, a worker has not."""
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", _MEMORY, stdout=asyncio.subprocess.PIPE)
    printed, _ = await child.communicate()
    if child.returncode != 0:
        raise Unexpected("bench.memory_unmeasured", "the process whose memory is measured did not end well")
    memory: dict[str, Any] = json.loads(printed)
    return memory
