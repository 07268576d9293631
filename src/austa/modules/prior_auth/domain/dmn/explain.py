"""Why a decision came out as it did, in plain Portuguese: which rules were applied, and why each other one was not."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from austa.modules.prior_auth.domain.dmn.compiler import Scope
from austa.modules.prior_auth.domain.dmn.engine import Inputs, Rules, Trace
from austa.modules.prior_auth.domain.dmn.faults import Undefined, why_not_made
from austa.modules.prior_auth.domain.dmn.inputs import to_json
from austa.modules.prior_auth.domain.dmn.model import Aggregation, HitPolicy
from austa.modules.prior_auth.domain.dmn.syntax import (
    Compared,
    Expression,
    Interval,
    Literal,
    UnaryTests,
    expression_text,
)
from austa.modules.prior_auth.domain.dmn.table import Column, Table, applied_rules, matching_rules, passes
from austa.modules.prior_auth.domain.dmn.values import MONTHS_A_YEAR, Months, Value

_SAID = {"<": "menor que", "<=": "no máximo", ">": "maior que", ">=": "no mínimo", "=": "igual a", "!=": "diferente de"}
_POLICY = {
    HitPolicy.UNIQUE: "só uma regra pode servir",
    HitPolicy.ANY: "várias regras podem servir, se todas derem o mesmo resultado",
    HitPolicy.PRIORITY: "vale a regra de maior prioridade",
    HitPolicy.FIRST: "vale a primeira regra que serve",
    HitPolicy.RULE_ORDER: "valem todas as regras que servem, na ordem da tabela",
    HitPolicy.OUTPUT_ORDER: "valem todas as regras que servem, na ordem de prioridade dos resultados",
    HitPolicy.COLLECT: "valem todas as regras que servem",
}
_AGGREGATED = {
    Aggregation.SUM: "e os resultados são somados",
    Aggregation.MIN: "e fica o menor resultado",
    Aggregation.MAX: "e fica o maior resultado",
    Aggregation.COUNT: "e os resultados são contados",
}


@dataclass(frozen=True)
class Explanation:
    """A decision told: the sentences in order, its result as JSON has it, and whether it could be made."""

    decision: str
    decided: bool
    result: object
    applied: tuple[int, ...]
    sentences: tuple[str, ...]


def explain(rules: Rules, decision: str, inputs: Inputs) -> Explanation:
    """Tell how the decision is made, with every decision it rests on. Raises only when there is no such decision."""
    trace = rules.trace(decision, inputs)
    sentences: list[str] = []
    for name in trace.made:
        sentences += _step(rules, name, trace)
    if trace.undefined is not None:
        if trace.stopped_at is not None and trace.stopped_at in rules.tables:
            sentences += _rules_told(rules.tables[trace.stopped_at], trace.scope, ())
        sentences.append(_not_made(trace.stopped_at or decision, trace.undefined))
    decided = trace.undefined is None
    table = rules.tables.get(decision)
    return Explanation(
        decision,
        decided,
        to_json(trace.scope[decision]) if decided else None,
        tuple(rule + 1 for rule in applied_rules(table, trace.scope)) if table is not None and decided else (),
        tuple(sentences),
    )


def _step(rules: Rules, name: str, trace: Trace) -> Iterator[str]:
    table = rules.tables.get(name)
    result = _said(trace.scope[name])
    if table is None:
        yield f"“{name}” foi calculado: {result}."
        return
    applied = tuple(rule + 1 for rule in applied_rules(table, trace.scope))
    yield from _rules_told(table, trace.scope, applied)
    if applied:
        yield f"Resultado de “{name}”: {result}."
    else:
        yield f"Nenhuma regra serve; “{name}” fica com o resultado padrão: {result}."


def _rules_told(table: Table, scope: Scope, applied: tuple[int, ...]) -> Iterator[str]:
    policy = _POLICY[table.logic.hit_policy]
    if table.logic.aggregation is not None:
        policy += f", {_AGGREGATED[table.logic.aggregation]}"
    yield f"Na tabela “{table.owner}”, {policy}."
    matching = {rule + 1 for rule in matching_rules(table, scope)}
    for rule in range(1, len(table.results) + 1):
        if rule in applied:
            notes = "".join(f" Nota da regra: {note}" for note in table.logic.rules[rule - 1].notes)
            yield f"A regra {rule} foi aplicada{_because(table, rule - 1, scope)}.{notes}"
        elif rule in matching:
            yield f"A regra {rule} também serve, mas não foi a escolhida{_because(table, rule - 1, scope)}."
        else:
            yield f"A regra {rule} não se aplica: {_why_not(table, rule - 1, scope)}."


def _because(table: Table, rule: int, scope: Scope) -> str:
    parts = [
        f"{column.label} é {_said(_value(column, scope))} (pede {_asked(column.tests[rule])})"
        for column in table.columns
        if column.tests[rule].tests
    ]
    return f": {'; '.join(parts)}" if parts else ", pois vale para qualquer caso"


def _why_not(table: Table, rule: int, scope: Scope) -> str:
    return "; ".join(
        f"{column.label} é {_said(_value(column, scope))}, e ela pede {_asked(column.tests[rule])}"
        for column in table.columns
        if not passes(column, rule, scope)
    )


def _value(column: Column, scope: Scope) -> Value:
    try:
        return column.compute(scope)
    except (Undefined, KeyError):
        return None


def _asked(tests: UnaryTests) -> str:
    *first, last = [_one_asked(test) for test in tests.tests]
    said = f"{', '.join(first)} ou {last}" if first else last
    return f"que não seja {said}" if tests.negated else said


def _one_asked(test: Compared | Interval) -> str:
    match test:
        case Compared("=", end):
            return _end(end)
        case Compared(operator, end):
            return f"{_SAID[operator]} {_end(end)}"
        case Interval(low, high, low_closed, high_closed):
            left = "" if low_closed else " (exclusive)"
            right = "" if high_closed else " (exclusive)"
            return f"de {_end(low)}{left} até {_end(high)}{right}"


def _end(end: Expression) -> str:
    if isinstance(end, Literal):
        return _said(end.value)
    return f"o valor de {expression_text(end)}"


def _not_made(name: str, undefined: Undefined) -> str:
    return f"“{name}” não pôde ser decidido: {why_not_made(undefined.code, undefined.about)}."


def _said(value: Value) -> str:
    match value:
        case None:
            return "não informado"
        case bool():
            return "sim" if value else "não"
        case str():
            return f"“{value}”"
        case list():
            return "lista vazia" if not value else ", ".join(_said(item) for item in value)
        case dict():
            return "; ".join(f"{name}: {_said(part)}" for name, part in value.items())
        case Decimal():
            return f"{value:,f}".translate(_BRAZILIAN)
        case dt.datetime():
            return f"{value:%d/%m/%Y às %H:%M}"
        case dt.date():
            return f"{value:%d/%m/%Y}"
        case dt.time():
            return f"{value:%H:%M}"
        case Months():
            return _months_said(value.count)
        case dt.timedelta():
            return _length_said(value)


_BRAZILIAN = str.maketrans({",": ".", ".": ","})


def _months_said(count: int) -> str:
    years, months = divmod(abs(count), MONTHS_A_YEAR)
    said = _counted([(years, "ano", "anos"), (months, "mês", "meses")]) or "nenhum mês"
    return f"menos {said}" if count < 0 else said


def _length_said(length: dt.timedelta) -> str:
    whole = abs(length)
    hours, seconds = divmod(whole.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    parts = [(whole.days, "dia", "dias"), (hours, "hora", "horas"), (minutes, "minuto", "minutos")]
    said = _counted([*parts, (seconds, "segundo", "segundos")]) or "nenhum tempo"
    return f"menos {said}" if length < dt.timedelta() else said


def _counted(parts: list[tuple[int, str, str]]) -> str:
    said = [f"{count} {one if count == 1 else many}" for count, one, many in parts if count]
    return " e ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)
