"""How many decisions a second a table of 30 rules makes, and how many zen-engine makes of its JDM twin in the same run.

Time is processor time of this process: what else the machine does counts less. The contenders take turns, round after
round, and of each the best round counts. Before anything is timed, they must agree on every request.
"""

import importlib
import importlib.metadata
import json
import os
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

import numpy as np

from austa.bench.jdm import jdm_twin
from austa.kernel.errors import Unexpected
from austa.modules.prior_auth.domain.dmn.engine import load_rules
from austa.modules.prior_auth.domain.dmn.model import Definitions

DECISION = "Caminho do pedido"
CLASSES = ("consulta", "exame simples", "alta complexidade", "terapia", "internação", "odontologia")
INPUTS = {"Classe": "string", "Urgente": "boolean", "Valor": "number", "Idade": "number"}
OUTPUTS = {"Caminho": "string", "Prazo": "number"}
AMOUNTS = 4_000
RULES_A_CLASS = 5
SEED = 20261122
ROUNDS = 7

Decide: TypeAlias = Callable[[dict[str, Any]], object]


def measure_rules(requests: int) -> dict[str, Any]:
    """The figures of the benchmark over so many requests a round."""
    rules = load_rules(table_source())
    seen = some_requests(requests, amounts=AMOUNTS)
    contenders: dict[str, Decide] = {"austa": lambda given: rules.decide(DECISION, given), **_zen_of(rules.definitions)}
    zen_ways = [name for name in contenders if name != "austa"]
    for name in zen_ways:
        _check_agreement(contenders["austa"], contenders[name], seen)
    best = dict.fromkeys(contenders, 0.0)
    new_amounts = 0.0
    for turn in range(ROUNDS):
        for name, decide in contenders.items():
            best[name] = max(best[name], _per_second(decide, seen))
        new_amounts = max(
            new_amounts, _per_second(contenders["austa"], some_requests(requests, amounts=None, turn=turn))
        )
    figures: dict[str, Any] = {
        "rules": len(CLASSES) * RULES_A_CLASS,
        "inputs": len(INPUTS),
        "requests": requests,
        "load": os.getloadavg()[0],
        "decisions_per_s": round(best["austa"]),
        "decisions_per_s_new_amounts": round(new_amounts),
        "zen": None,
    }
    if zen_ways:
        fastest = max(best[name] for name in zen_ways)
        version = importlib.metadata.version("zen-engine")
        by_way = {name: round(best[name]) for name in zen_ways}
        figures["zen"] = {"version": version, "by_way": by_way, "decisions_per_s": round(fastest)}
        figures["times_zen"] = round(best["austa"] / fastest, 1)
    return figures


def table_source() -> bytes:
    """A model with one complete UNIQUE table: five rules for each of six classes."""
    rows = [row for at, name in enumerate(CLASSES) for row in _rows_of(name, at)]
    declared = "".join(
        f'<inputData id="i{at}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
        for at, (name, kind) in enumerate(INPUTS.items())
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i{at}"/></informationRequirement>' for at in range(len(INPUTS))
    )
    heads = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression>{_values(name)}</input>'
        for name, kind in INPUTS.items()
    )
    heads += "".join(f'<output name="{name}" typeRef="{kind}"/>' for name, kind in OUTPUTS.items())
    rules = "".join(f"<rule>{''.join(_cell(at, text) for at, text in enumerate(row))}</rule>" for row in rows)
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="bench" namespace="urn:bench">'
        f'{declared}<decision id="d" name="{DECISION}"><variable name="{DECISION}"/>{needs}'
        f'<decisionTable hitPolicy="UNIQUE">{heads}{rules}</decisionTable></decision></definitions>'
    ).encode()


def some_requests(count: int, amounts: int | None, turn: int = 0) -> list[dict[str, Any]]:
    """The same requests in every run; amounts out of so many, or a new one for each request of each turn."""
    draw = np.random.default_rng(SEED + turn)
    classes, urgent = draw.integers(len(CLASSES), size=count), draw.random(count) < 0.2
    values, ages = draw.integers(amounts or 1, size=count), draw.integers(100, size=count)
    return [
        {
            "Classe": CLASSES[classes[at]],
            "Urgente": bool(urgent[at]),
            "Valor": int(values[at]) * 2 if amounts else Decimal(turn * count + at) / 100,
            "Idade": int(ages[at]),
        }
        for at in range(count)
    ]


def _rows_of(name: str, at: int) -> list[tuple[str, ...]]:
    low, high = 300 + 50 * at, 4000 + 500 * at
    return [
        (f'"{name}"', "true", "-", "-", '"urgência"', "0"),
        (f'"{name}"', "false", f"<= {low}", "-", '"automático"', "1"),
        (f'"{name}"', "false", f"({low}..{high}]", "< 18", '"pediatra"', "3"),
        (f'"{name}"', "false", f"({low}..{high}]", ">= 18", '"auditor"', "5"),
        (f'"{name}"', "false", f"> {high}", "-", '"direção"', "7"),
    ]


def _values(name: str) -> str:
    known = ", ".join(f'"{one}"' for one in CLASSES)
    return f"<inputValues><text>{known}</text></inputValues>" if name == "Classe" else ""


def _cell(at: int, text: str) -> str:
    tag = "inputEntry" if at < len(INPUTS) else "outputEntry"
    return f"<{tag}><text>{escape(text)}</text></{tag}>"


def _per_second(decide: Decide, requests: Sequence[dict[str, Any]]) -> float:
    start = time.process_time()
    for given in requests:
        decide(given)
    return len(requests) / (time.process_time() - start)


def _zen_of(definitions: Definitions) -> dict[str, Decide]:
    """zen-engine in each of its ways to decide one request; none when it is not installed."""
    try:
        zen: Any = importlib.import_module("zen")
    except ImportError:
        return {}
    graph = jdm_twin(definitions)
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(json.dumps(graph)))
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"twin": graph}}})
    return {
        "create_decision": lambda given: decision.evaluate(given)["result"],
        "static_loader": lambda given: engine.evaluate("twin", given)["result"],
    }


def _check_agreement(ours: Decide, theirs: Decide, requests: Sequence[dict[str, Any]]) -> None:
    if any(ours(given) != theirs(given) for given in requests):
        raise Unexpected("bench.twin_differs", "zen-engine and our engine decide differently")
