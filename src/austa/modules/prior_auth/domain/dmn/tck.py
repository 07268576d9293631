"""Cases in the format of the DMN Technology Compatibility Kit: run against a model, by the standard's semantics.

A case passes when every result node has the expected value; numbers are compared to twelve significant digits, because
the kit's own expectations are rounded. Skipped is what this level does not have: decision services, knowledge models
asked directly, and decisions that need full FEEL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from austa.kernel.errors import AustaError
from austa.modules.prior_auth.domain.dmn.compiler import Mode
from austa.modules.prior_auth.domain.dmn.engine import Rules, load_leniently
from austa.modules.prior_auth.domain.dmn.item_types import ANY, ItemType
from austa.modules.prior_auth.domain.dmn.temporal import read_date, read_date_time, read_duration, read_time
from austa.modules.prior_auth.domain.dmn.values import Kind, Value, as_literal, equal, kind_of, number
from austa.modules.prior_auth.domain.dmn.xml import Element, read_xml

NAMESPACE = "http://www.omg.org/spec/DMN/20160719/testcase"
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_TOLERANCE = Decimal("1e-12")
_KIND_OF_XML = {
    **dict.fromkeys(("decimal", "double", "float", "integer", "int", "long", "short"), Kind.NUMBER),
    "string": Kind.STRING,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "dateTime": Kind.DATE_TIME,
    **dict.fromkeys(("duration", "dayTimeDuration", "yearMonthDuration"), Kind.DAYS),
}


@dataclass(frozen=True)
class Node:
    """A decision that a case asks for, and what it should give."""

    decision: str
    expected: Element | None
    expects_error: bool


@dataclass(frozen=True)
class Case:
    """One test case; `kind` is decision, bkm or decisionService."""

    id: str
    kind: str
    inputs: tuple[Element, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Suite:
    """A file of cases and the model it is for."""

    model_name: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Outcome:
    """How a case went: passed, failed or skipped, and why where it did not pass."""

    case: str
    result: str
    why: str = ""


def read_suite(source: bytes) -> Suite | None:
    """The cases of a file, None when it is other XML. Raises `prior_auth.rules_refused` for what is no XML."""
    root = read_xml(source)
    if (root.namespace, root.name) != (NAMESPACE, "testCases"):
        return None
    model = root.first("modelName")
    return Suite("" if model is None else model.text.strip(), tuple(_case(case) for case in root.named("testCase")))


def run_suite(suite: Suite, model: bytes) -> list[Outcome]:
    """Every case of the suite against a model."""
    try:
        rules = load_leniently(model, Mode.STANDARD)
    except AustaError as error:
        return [Outcome(case.id, "failed", f"the model cannot be read: {error.message}") for case in suite.cases]
    return [_run(case, rules) for case in suite.cases]


def _case(element: Element) -> Case:
    nodes = tuple(
        Node(
            " ".join(node.get("name").split()),
            node.first("expected") or node.first("computed"),
            node.get("errorResult") == "true",
        )
        for node in element.named("resultNode")
    )
    return Case(element.get("id"), element.get("type") or "decision", tuple(element.named("inputNode")), nodes)


def _run(case: Case, rules: Rules) -> Outcome:
    if case.kind != "decision":
        return Outcome(case.id, "skipped", f"cases of type {case.kind} are beyond level 2")
    inputs = _inputs(case, rules.input_types)
    for node in case.nodes:
        beyond = _beyond(node.decision, rules)
        if beyond:
            return Outcome(case.id, "skipped", f"{node.decision}: {beyond}")
    wrong = [why for node in case.nodes if (why := _why_wrong(node, inputs, rules))]
    return Outcome(case.id, "failed", "; ".join(wrong)) if wrong else Outcome(case.id, "passed")


def _beyond(decision: str, rules: Rules) -> str:
    """Why this level cannot make a decision; empty when it can, or when the model is at fault."""
    if decision in rules.prepared:
        return ""
    return next((str(fault) for fault in rules.faults if fault.beyond), "")


def _why_wrong(node: Node, inputs: Mapping[str, Value], rules: Rules) -> str:
    if node.decision not in rules.prepared:
        return f"{node.decision}: the model has no such decision"
    got = rules.decide(node.decision, inputs)
    if node.expects_error and node.expected is None:
        return "" if got is None else f"{node.decision}: an error expected, got {as_literal(got)}"
    expected = None if node.expected is None else _value(node.expected, _like(got))
    if _same(expected, got):
        return ""
    why = "".join(f" ({fault})" for fault in rules.faults if fault.place.decision == node.decision)
    return f"{node.decision}: expected {as_literal(expected)}, got {as_literal(got)}{why}"


def _inputs(case: Case, types: Mapping[str, ItemType]) -> dict[str, Value]:
    named = ((" ".join(element.get("name").split()), element) for element in case.inputs)
    return {name: _value(element, types.get(name, ANY)) for name, element in named}


def _value(element: Element, wanted: ItemType) -> Value:
    """A value of the format: a simple one, a list, or a context of components."""
    components = element.named("component")
    if components:
        named = ((" ".join(part.get("name").split()), part) for part in components)
        return {name: None if _is_nil(part) else _value(part, wanted.part(name) or ANY) for name, part in named}
    listed = element.first("list")
    if listed is not None:
        return None if _is_nil(listed) else [_value(item, wanted.element or ANY) for item in listed.named("item")]
    simple = element.first("value")
    if simple is None or _is_nil(simple):
        return None
    return _simple(simple, wanted)


def _is_nil(element: Element) -> bool:
    return element.get(f"{_INSTANCE}nil") == "true"


def _simple(element: Element, wanted: ItemType) -> Value:
    """By the type that the value says, else by the type wanted; without either it is text."""
    said = element.get(f"{_INSTANCE}type").rpartition(":")[2]
    kind = _KIND_OF_XML.get(said, wanted.kind)
    text = element.text if kind is Kind.STRING else element.text.strip()
    if not text and kind is not Kind.STRING:
        return None
    match kind:
        case Kind.NUMBER:
            return number(text)
        case Kind.BOOLEAN:
            return {"true": True, "1": True, "false": False, "0": False}.get(text)
        case Kind.DATE:
            return read_date(text)
        case Kind.TIME:
            return read_time(text)
        case Kind.DATE_TIME:
            return read_date_time(text)
        case Kind.DAYS | Kind.MONTHS:
            return read_duration(text)
        case _:
            return text


def _like(value: Value) -> ItemType:
    """The type to read an expectation by, where the expectation does not say its own."""
    match value:
        case None:
            return ANY
        case list():
            return ItemType("", Kind.LIST, element=_like(value[0]) if value else ANY)
        case dict():
            return ItemType("", Kind.CONTEXT, tuple((name, _like(part)) for name, part in value.items()))
        case _:
            return ItemType("", kind_of(value))


def _same(expected: Value, got: Value) -> bool:
    match expected, got:
        case Decimal(), Decimal():
            return abs(expected - got) <= _TOLERANCE * max(Decimal(1), abs(expected))
        case list(), list():
            return len(expected) == len(got) and all(_same(*pair) for pair in zip(expected, got, strict=True))
        case dict(), dict():
            return all(_same(expected.get(name), got.get(name)) for name in expected.keys() | got.keys())
        case _:
            return equal(expected, got) is True
