"""`austa fraud`: the thirty rules with their numbers, what they found in a request, an operator's own numbers."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from austa.cli.command import AsJson, DataFolder, OfOperator, caller_for, print_json, run, settings_for
from austa.kernel.ids import RequestId
from austa.modules.fraud.api import KeptScreening, RuleDescription, RuleFigures, Signal, SignalRules, ThresholdUsed
from austa.runtime.place import open_house

app = typer.Typer(help="Fraud rules: what they are, what they found. They only call people.", no_args_is_help=True)


EFFECTS = {"route": "leva a uma pessoa", "ask": "pergunta", "inform": "só informa"}
SEVERITIES = {"low": "baixa", "medium": "média", "high": "alta"}


def add_to(root: typer.Typer) -> None:
    """Register the commands."""
    root.add_typer(app, name="fraud")


@app.command(epilog="Example: austa fraud rules --json")
def rules(data: DataFolder = None, operator: OfOperator = None, as_json: AsJson = False) -> None:
    """List the thirty rules in force, each with severity, effect, numbers, source, and what it needs to look."""
    settings = settings_for("fraud", data, log_level="error")

    async def go() -> SignalRules:
        async with open_house(settings) as house:
            return await house.fraud.rules(await caller_for(house.identity, operator))

    found = run(go())
    print_json(found.model_dump(mode="json")) if as_json else _print_rules(found)


@app.command(epilog="Example: austa fraud explain 01a2028f-61d9-76c6-9f18-17ed61d73208")
def explain(
    request_id: Annotated[UUID, typer.Argument(metavar="REQUEST")],
    data: DataFolder = None,
    operator: OfOperator = None,
    as_json: AsJson = False,
) -> None:
    """Say what each rule found in a request, by which numbers, and which rules could not look. The look is recorded."""
    settings = settings_for("fraud", data, log_level="error")

    async def go() -> tuple[KeptScreening, SignalRules]:
        async with open_house(settings) as house:
            caller = await caller_for(house.identity, operator)
            return await house.fraud.screening(caller, RequestId(request_id)), await house.fraud.rules(caller)

    kept, in_force = run(go())
    print_json(kept.reveal_json()) if as_json else _print_screening(kept, in_force)


@app.command(epilog="Example: austa fraud figures --json")
def figures(data: DataFolder = None, operator: OfOperator = None, as_json: AsJson = False) -> None:
    """Say how often people found each rule right: confirmed, not confirmed, unclear."""
    settings = settings_for("fraud", data, log_level="error")

    async def go() -> tuple[RuleFigures, ...]:
        async with open_house(settings) as house:
            return await house.fraud.figures(await caller_for(house.identity, operator))

    found = run(go())
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    print("regra  confirmado  não confirmado  não deu para saber")
    for one in found:
        print(f"{one.id}    {one.confirmed:>10}  {one.not_confirmed:>14}  {one.unclear:>18}  {one.name}")


@app.command("set", epilog="Example: austa fraud set signals.json --write")
def set_rules(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Rules in the form of rules/signals.json.")],
    write: Annotated[
        bool, typer.Option("--write", help="Put them in force; without it they are only checked.")
    ] = False,
    data: DataFolder = None,
    operator: OfOperator = None,
) -> None:
    """Put an operator's own numbers in force. Every version is kept; requests are looked at anew only as they come."""
    settings = settings_for("fraud", data, log_level="error")

    async def go() -> SignalRules:
        async with open_house(settings) as house:
            caller = await caller_for(house.identity, operator)
            return await house.fraud.set_rules(caller, file.read_bytes(), dry_run=not write)

    found = run(go())
    print(f"{found.version}, sha256 {found.digest}")
    print("Em vigor." if write else "Só um ensaio: nada foi gravado. Acrescente --write.")


def _print_rules(found: SignalRules) -> None:
    whose = "da operadora" if found.own else "de fábrica"
    print(f"Regras {whose}, versão {found.version}, sha256 {found.digest}")
    for rule in found.rules:
        print(f"\n{rule.id}  {rule.name}  [{SEVERITIES[rule.severity]}; {EFFECTS[rule.effect]}]")
        print(f"     {rule.about}")
        print(f"     Parece e não é: {rule.innocent}")
        print(f"     Fonte: {rule.source}; {_checked(rule)}")
        for threshold in rule.thresholds:
            print(f"     {_threshold(threshold)}")
        if rule.needs:
            print(f"     Só olha depois de importar: {rule.needs}")


def _print_screening(kept: KeptScreening, in_force: SignalRules) -> None:
    screening = kept.screening
    print(f"Olhado em {kept.at:%d/%m/%Y %H:%M} UTC")
    print(f"Regras {screening.rules_version}, sha256 {screening.rules_digest}")
    found = {signal.id: signal for signal in screening.signals}
    blind = {rule.id: rule.why for rule in kept.blind}
    for signal in screening.signals:
        _print_signal(signal)
    for rule in in_force.rules:
        if rule.id in blind:
            print(f"{rule.id}  não pôde olhar: {blind[rule.id]}")
        elif rule.id not in found:
            print(f"{rule.id}  nada: {rule.name}")


def _print_signal(signal: Signal) -> None:
    print(f"{signal.id}  SINAL [{SEVERITIES[signal.severity]}; {EFFECTS[signal.effect]}]: {signal.text}")
    evidence = ", ".join(each.reveal() for each in signal.evidence)
    if evidence:
        print(f"     Evidência: {evidence}")
    for threshold in signal.thresholds:
        print(f"     {_threshold(threshold)}")


def _threshold(threshold: ThresholdUsed) -> str:
    checked = f", conferido em {threshold.verified_on:%d/%m/%Y}" if threshold.verified_on else ", não conferido"
    return f"{threshold.name} = {threshold.value} {threshold.unit} ({threshold.source}{checked})"


def _checked(rule: RuleDescription) -> str:
    return f"conferido em {rule.verified_on:%d/%m/%Y}" if rule.verified_on else "não conferido"
