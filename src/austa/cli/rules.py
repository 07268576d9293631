"""`austa rules`: decision tables checked, explained, and run against compatibility cases."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from austa.cli.command import AsJson, DataFolder, OfOperator, caller_for, print_json, run, say_error, settings_for
from austa.kernel.errors import AustaError, Invalid
from austa.kernel.personal import Personal
from austa.modules.prior_auth.adapters.rules_files import (
    check_file,
    examples_beside,
    models_in,
    run_suites,
    seed_folder,
)
from austa.modules.prior_auth.api.rules import (
    Activation,
    Proposal,
    RuleDraft,
    RuleSetName,
    RuleStatus,
    RuleVersion,
    SimulationOf,
    SimulationResult,
    Way,
)
from austa.modules.prior_auth.domain.dmn.analysis import FindingKind
from austa.modules.prior_auth.domain.dmn.check import Checked, finding_text
from austa.modules.prior_auth.domain.dmn.engine import Rules, load_rules
from austa.modules.prior_auth.domain.dmn.explain import Explanation, explain
from austa.modules.prior_auth.domain.dmn.faults import Undefined
from austa.modules.prior_auth.domain.dmn.inputs import from_json
from austa.modules.prior_auth.domain.dmn.item_types import ANY
from austa.modules.prior_auth.domain.dmn.reader import read_definitions
from austa.modules.prior_auth.domain.dmn.writer import as_dmn_1_3
from austa.modules.prior_auth.domain.rule_sets import SETS
from austa.runtime.place import open_house

STATUSES: dict[RuleStatus, str] = {
    "draft": "rascunho",
    "proposed": "proposta",
    "scheduled": "marcada",
    "active": "em vigor",
    "superseded": "coberta por outra",
    "expired": "encerrada",
    "withdrawn": "retirada",
}
FINDINGS = {
    FindingKind.OVERLAP: "sobreposição",
    FindingKind.GAP: "lacuna",
    FindingKind.UNREACHABLE: "nunca alcançada",
}

app = typer.Typer(help="Decision tables in DMN: check, explain, compatibility cases.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="rules")


@app.callback()
def rules() -> None:
    """Decision tables in DMN: check, explain, compatibility cases."""


@app.command(epilog="Example: austa rules check rules --json")
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Models, or folders of models (default: the seed).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load models strictly, look for overlaps, gaps and rules never reached, and run the example rows beside each.

    The example rows of NAME.dmn are NAME.examples.json. Exit code 1 when a model cannot be evaluated, rules overlap, or
    an example fails; gaps and rules never reached are told for the author to judge.
    """
    try:
        files = models_in(paths or [seed_folder()])
    except AustaError as error:
        raise _told(error) from None
    reports = {str(file): check_file(file) for file in files}
    if as_json:
        print_json({"files": [{"file": file, **report.as_dict()} for file, report in reports.items()]})
    else:
        for file, report in reports.items():
            _print_report(file, report)
    if not reports or not all(report.sound for report in reports.values()):
        raise typer.Exit(1)


@app.command("explain", epilog="""Example: austa rules explain rules/authority.dmn --inputs '{"Valor": 100}'""")
def explain_decision(
    file: Annotated[Path, typer.Argument(help="A model.", exists=True, dir_okay=False)],
    inputs: Annotated[str, typer.Option("--inputs", help="The inputs as a JSON object; dates as text.")],
    decision: Annotated[str | None, typer.Option(help="The decision, when the model has several.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say in Portuguese which rules were applied and why the others were not. Exit code 1 when nothing is decided."""
    try:
        loaded = load_rules(file.read_bytes())
        explanation = explain(loaded, _chosen(loaded, decision), _inputs(loaded, inputs))
    except AustaError as error:
        raise _told(error) from None
    if as_json:
        print_json(_as_dict(explanation))
    else:
        print("\n".join(explanation.sentences))
    if not explanation.decided:
        raise typer.Exit(1)


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
        raise _told(error) from None
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


@app.command("list", epilog="Example: austa rules list --json")
def list_versions(operator: OfOperator = None, data: DataFolder = None, as_json: AsJson = False) -> None:
    """List every version of the operator's tables: what is in force, what waits for a second person, what was."""
    settings = settings_for("rules", data, log_level="error")

    async def go() -> list[RuleVersion]:
        async with open_house(settings) as house:
            caller = await caller_for(house.identity, operator)
            sets = await house.rules.list_sets(caller)
            return [version for each in sets for version in await house.rules.list_versions(caller, each.name)]

    found = run(go())
    if as_json:
        print_json({"versions": [version.reveal_json() for version in found]})
        return
    for version in found:
        by = version.author_name.reveal() if version.author_name else version.author
        status = STATUSES[version.status]
        print(f"{version.rule_set} {version.number}: {status}, {version.id}, de {by}, {version.digest[:12]}")


@app.command("import", epilog="Example: austa rules import legal-terms prazos.dmn --note 'Laboratório em dois dias'")
def import_rules(
    rule_set: Annotated[str, typer.Argument(metavar="SET", help=f"One of {', '.join(SETS)}.")],
    file: Annotated[Path, typer.Argument(help="A model.", exists=True, dir_okay=False)],
    note: Annotated[str, typer.Option(help="What changed and why, for the second person.")] = "",
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Keep a model, with NAME.examples.json beside it, as a new version and propose it.

    Somebody else puts it in force: in the web app, or by austa rules activate.
    """
    if rule_set not in SETS:
        raise _told(Invalid("cli.no_such_set", f"there is no set {rule_set}: name one of {', '.join(SETS)}"))
    chosen = next(name for name in SETS if name == rule_set)
    beside = examples_beside(file)
    settings = settings_for("rules", data, log_level="error")

    async def go() -> RuleVersion:
        async with open_house(settings) as house:
            caller = await caller_for(house.identity, operator)
            xml = as_dmn_1_3(file.read_bytes()).decode()
            draft = RuleDraft(xml=xml, examples=beside.read_text("utf-8") if beside else None, note=note)
            made = await house.rules.draft(caller, chosen, draft)
            waits = made.status == "proposed"
            return made if waits else await house.rules.propose(caller, made.id, Proposal(note=note))

    _print_version(run(go()), as_json)


@app.command(
    epilog="Example: austa rules activate 01a2028f-61d9-76c6-9f18-17ed61d73208 --email diretora@exemplo.com.br"
)
def activate(
    version_id: Annotated[UUID, typer.Argument(metavar="VERSION_ID")],
    email: Annotated[str, typer.Option(help="Who puts it in force: not who wrote or proposed it.")],
    effective: Annotated[datetime | None, typer.Option("--from", help="From when, UTC (default: at once).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Until when, UTC (default: for good).")] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Put a proposed version in force, as the person who signs in: their password is asked for."""
    password = Personal(typer.prompt("Password", hide_input=True, err=True))
    settings = settings_for("rules", data, log_level="error")

    async def go() -> RuleVersion:
        async with open_house(settings) as house:
            signed_in = await house.identity.sign_in(Personal(email), password, "api")
            try:
                caller = await house.identity.authenticate(signed_in.access_token.reveal())
                wanted = Activation(effective_at=_in_utc(effective), until=_in_utc(until))
                return await house.rules.activate(caller, version_id, wanted)
            finally:
                await house.identity.sign_out(signed_in.access_token)

    _print_version(run(go()), as_json)


@app.command(epilog="Example: austa rules simulate --since 90d caminho.dmn --json")
def simulate(
    file: Annotated[Path, typer.Argument(metavar="NEW.dmn", help="Tables for one set.", exists=True, dir_okay=False)],
    since: Annotated[str, typer.Option(help="How far back, in days: 90d.")] = "90d",
    most: Annotated[int, typer.Option(help="How many requests at most, newest first.", min=1, max=5000)] = 1000,
    operator: OfOperator = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say which past requests would have gone another way by these tables, and why. Changes nothing.

    The tables are asked of the facts kept with each assessment, against those in force now.
    """
    settings = settings_for("rules", data, log_level="error")

    async def go() -> SimulationResult:
        xml = as_dmn_1_3(file.read_bytes())
        asked = SimulationOf(xml=xml.decode(), since_days=_days(since), most=most)
        async with open_house(settings) as house:
            return await house.rules.simulate(await caller_for(house.identity, operator), _set_of(xml), asked)

    found = run(go())
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for way in found.ways:
        print(f"Iriam {way.requests}: {_way(way.before)} -> {_way(way.after)}")
    for change in found.examples:
        print(f"  {change.protocol}: {_way(change.before)} -> {_way(change.after)}")
        for sign, reasons in (("+", change.speaks_now), ("-", change.speaks_no_longer)):
            for reason in reasons:
                print(f"    {sign} {reason}")
    left = "" if found.whole else f", só os {most} mais novos"
    print(f"{found.changed} de {found.looked_at} pedidos de {since} iriam por outro caminho{left}.")


def _days(since: str) -> int:
    number = since.removesuffix("d")
    if not number.isdecimal() or not 1 <= int(number) <= 3660:
        raise Invalid("cli.since_wrong", "--since is a number of days, as 90d, at most 3660d")
    return int(number)


def _set_of(xml: bytes) -> RuleSetName:
    """The set that has the decisions of these tables."""
    decides = {decision.name for decision in read_definitions(xml).decisions}
    for name, wanted in SETS.items():
        if {decision.name for decision in wanted.decisions if not decision.optional} <= decides:
            return name
    wants = "; ".join(f"{name}: {', '.join(each.name for each in wanted.decisions)}" for name, wanted in SETS.items())
    raise Invalid("cli.no_such_set", f"these tables decide nothing that is asked for ({wants})")


def _way(way: Way) -> str:
    said = f"{way.path}/{way.queue}" if way.queue else way.path
    return said if way.days is None else f"{said} em {way.days} dias úteis"


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _print_version(version: RuleVersion, as_json: bool) -> None:
    if as_json:
        print_json(version.reveal_json())
    else:
        print(f"{version.rule_set} {version.number}: {STATUSES[version.status]}, {version.id}")


def _told(error: AustaError) -> typer.Exit:
    say_error(error)
    return typer.Exit(1)


def _print_report(file: str, report: Checked) -> None:
    print(f"{file}: {'em ordem' if report.sound else 'NÃO ESTÁ EM ORDEM'}, sha256 {report.digest or '-'}")
    for fault in report.faults:
        print(f"  falha: {fault}")
    for analysis in report.analyses:
        for found in analysis.findings:
            print(f"  {FINDINGS[found.kind]}: {finding_text(found)}")
        if analysis.not_judged:
            rules_named = ", ".join(str(rule) for rule in analysis.not_judged)
            print(f"  não julgado: {analysis.table}: as regras {rules_named} comparam com outros dados")
        if not analysis.whole:
            print(f"  não procurado até o fim: {analysis.table}")
    failed = [outcome for outcome in report.examples if outcome.why]
    for outcome in failed:
        print(f"  exemplo que falhou: {outcome.name}: {outcome.why}")
    print(f"  {len(report.examples) - len(failed)} de {len(report.examples)} exemplos conferem")
    for table, rule in report.without_example:
        print(f"  nenhum exemplo alcança a regra {rule} de {table}")


def _chosen(loaded: Rules, decision: str | None) -> str:
    names = list(loaded.prepared)
    if decision is not None or len(names) == 1:
        return decision or names[0]
    raise Invalid(
        "cli.which_decision", f"the model decides several things: name one with --decision ({', '.join(names)})"
    )


def _inputs(loaded: Rules, text: str) -> dict[str, Any]:
    try:
        given = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Invalid("cli.inputs_not_json", "--inputs is a JSON object of input names and values")
    unknown = sorted(set(given) - set(loaded.input_types))
    if unknown:
        raise Invalid("cli.no_such_input", f"the model has no input {', '.join(unknown)}")
    try:
        return {name: from_json(value, loaded.input_types.get(name, ANY), name) for name, value in given.items()}
    except Undefined as undefined:
        raise Invalid("cli.input_mistyped", undefined.reason) from None


def _as_dict(explanation: Explanation) -> dict[str, Any]:
    return {
        "decision": explanation.decision,
        "decided": explanation.decided,
        "result": explanation.result,
        "applied": list(explanation.applied),
        "sentences": list(explanation.sentences),
    }
