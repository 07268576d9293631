"""What changed between two models, told the way an author thinks: decisions, their heads, and rules as rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from austa.modules.prior_auth.domain.dmn.model import (
    ContextLogic,
    Definitions,
    InvocationLogic,
    LiteralLogic,
    Logic,
    Rule,
    TableLogic,
)

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True)
class Cell:
    """One place that reads otherwise, by the name of its column or part; None where it is not there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Row:
    """A rule, by its number from 1 before and after."""

    kind: Kind
    before: int | None
    after: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Part:
    """A decision or knowledge model."""

    name: str
    kind: Literal["added", "removed", "changed"]
    head: tuple[Cell, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Changes:
    """Everything; `inputs` are the input data with their types."""

    inputs: tuple[Cell, ...]
    parts: tuple[Part, ...]


def changes_between(before: Definitions, after: Definitions) -> Changes:
    """What changed from one model to another. Texts are compared as written, spaces at the ends aside."""
    inputs = _cells(
        {data.name: data.type_ref for data in before.inputs}, {data.name: data.type_ref for data in after.inputs}
    )
    old, new = _parts(before), _parts(after)
    parts = []
    for name in dict.fromkeys((*new, *old)):
        one, other = old.get(name), new.get(name)
        head, rows = _head(one), _head(other)
        cells = _cells(head, rows)
        changed = tuple(_rows(one, other))
        if cells or changed:
            kind: Literal["added", "removed", "changed"] = (
                "added" if one is None else "removed" if other is None else "changed"
            )
            parts.append(Part(name, kind, cells, changed))
    return Changes(inputs, tuple(parts))


_Known = tuple[str, Logic | None]


def _parts(model: Definitions) -> dict[str, _Known]:
    decisions = {decision.name: (decision.type_ref, decision.logic) for decision in model.decisions}
    knowledge: dict[str, _Known] = {known.name: (known.type_ref, known.logic) for known in model.knowledge_models}
    return {**knowledge, **decisions}


def _cells(before: dict[str, str], after: dict[str, str]) -> tuple[Cell, ...]:
    return tuple(
        Cell(name, before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )


def _head(part: _Known | None) -> dict[str, str]:
    if part is None:
        return {}
    type_ref, logic = part
    return {"type": type_ref} | _described(logic)


def _described(logic: Logic | None) -> dict[str, str]:
    match logic:
        case None:
            return {}
        case LiteralLogic(text):
            return {"expression": text}
        case TableLogic():
            policy = logic.hit_policy.value + (f" {logic.aggregation.value}" if logic.aggregation else "")
            columns = {f"input {clause.expression}": _typed(clause.type_ref, clause.allowed) for clause in logic.inputs}
            outputs = {
                f"output {_output(clause.name)}": _typed(clause.type_ref, clause.allowed)
                + (f" default {clause.default}" if clause.default is not None else "")
                for clause in logic.outputs
            }
            return {"hit policy": policy, **columns, **outputs}
        case InvocationLogic(function, bindings):
            return {"invocation": function} | {
                f"{name}.{inner}": text for name, part in bindings for inner, text in _described(part).items()
            }
        case ContextLogic(entries, result):
            found = {f"{name}.{inner}": text for name, _, part in entries for inner, text in _described(part).items()}
            return found | {f"result.{inner}": text for inner, text in _described(result).items()}


def _typed(type_ref: str, allowed: str) -> str:
    return f"{type_ref} [{allowed}]" if allowed else type_ref


def _output(name: str) -> str:
    return name or "result"


def _rows(before: _Known | None, after: _Known | None) -> Iterator[Row]:
    """Rules are the same when they have the same id, or else the same text."""
    one = before[1] if before else None
    other = after[1] if after else None
    old, new = _rules_of(one), _rules_of(other)
    old_names, new_names = _columns(one), _columns(other)
    pairs = _pairs(old, new, [old_names, new_names])
    kept = [at for at, _ in sorted(pairs, key=lambda pair: pair[1])]
    still = _in_order(kept)
    for at, to in sorted(pairs, key=lambda pair: pair[1]):
        cells = _cells(_texts(old[at], old_names), _texts(new[to], new_names))
        if cells:
            yield Row("changed", at + 1, to + 1, cells)
        elif at not in still:
            yield Row("moved", at + 1, to + 1, ())
    for at in sorted(set(range(len(old))) - {at for at, _ in pairs}):
        yield Row("removed", at + 1, None, _cells(_texts(old[at], old_names), {}))
    for to in sorted(set(range(len(new))) - {to for _, to in pairs}):
        yield Row("added", None, to + 1, _cells({}, _texts(new[to], new_names)))


def _pairs(old: Sequence[Rule], new: Sequence[Rule], names: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    by_id = {rule.id: at for at, rule in enumerate(old) if rule.id}
    pairs = [(by_id[rule.id], to) for to, rule in enumerate(new) if rule.id in by_id]
    left = [at for at in range(len(old)) if at not in {one for one, _ in pairs}]
    right = [to for to in range(len(new)) if to not in {other for _, other in pairs}]
    texts = [tuple(_texts(old[at], names[0]).items()) for at in left]
    others = [tuple(_texts(new[to], names[1]).items()) for to in right]
    same = SequenceMatcher(None, texts, others, autojunk=False).get_matching_blocks()
    pairs += [(left[block.a + n], right[block.b + n]) for block in same for n in range(block.size)]
    return pairs


def _in_order(kept: Sequence[int]) -> set[int]:
    """The largest part of these numbers that already stands in rising order: the others have moved."""
    longest: list[int] = []
    chains = [longest]
    for number in kept:
        before = [chain for chain in chains if not chain or chain[-1] < number]
        chain = [*max(before, key=len), number]
        chains.append(chain)
        longest = max(longest, chain, key=len)
    return set(longest)


def _rules_of(logic: Logic | None) -> tuple[Rule, ...]:
    return logic.rules if isinstance(logic, TableLogic) else ()


def _columns(logic: Logic | None) -> tuple[str, ...]:
    if not isinstance(logic, TableLogic):
        return ()
    inputs = [clause.label or clause.expression for clause in logic.inputs]
    return (*inputs, *(_output(clause.name or clause.label) for clause in logic.outputs))


def _texts(rule: Rule, names: Sequence[str]) -> dict[str, str]:
    texts = dict(zip(names, (*rule.conditions, *rule.results), strict=True))
    return texts | ({"notes": " | ".join(rule.notes)} if rule.notes else {})
