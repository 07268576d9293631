"""Small DMN models for the tests: a table, or expressions, over inputs."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MODEL_1_3 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DECISION = "Resposta"


def a_model(body: str, namespace: str = MODEL_1_3) -> bytes:
    """A file with these elements."""
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{namespace}" id="m" name="M" namespace="urn:m">'
    )
    return f"{text}{body}</definitions>".encode()


def an_input(name: str, type_ref: str = "") -> str:
    """An input; its id is `i_` and the name."""
    variable = f"<variable name={quoteattr(name)}{_ref(type_ref)}/>"
    return f"<inputData id={_id('i', name)} name={quoteattr(name)}>{variable}</inputData>"


def a_decision(
    logic: str,
    inputs: Sequence[str] = (),
    decisions: Sequence[str] = (),
    knowledge: Sequence[str] = (),
    name: str = DECISION,
    type_ref: str = "",
) -> str:
    """A decision over inputs, decisions and knowledge models of these names."""
    needs = [
        f"<informationRequirement><requiredInput href={_href('i', need)}/></informationRequirement>" for need in inputs
    ]
    needs += [
        f"<informationRequirement><requiredDecision href={_href('d', need)}/></informationRequirement>"
        for need in decisions
    ]
    needs += [
        f"<knowledgeRequirement><requiredKnowledge href={_href('k', need)}/></knowledgeRequirement>"
        for need in knowledge
    ]
    variable = f"<variable name={quoteattr(name)}{_ref(type_ref)}/>"
    return f"<decision id={_id('d', name)} name={quoteattr(name)}>{variable}{''.join(needs)}{logic}</decision>"


def a_knowledge_model(name: str, parameters: Sequence[str], logic: str, knowledge: Sequence[str] = ()) -> str:
    """A function of these parameters."""
    formal = "".join(f"<formalParameter name={quoteattr(parameter)}/>" for parameter in parameters)
    needs = "".join(
        f"<knowledgeRequirement><requiredKnowledge href={_href('k', need)}/></knowledgeRequirement>"
        for need in knowledge
    )
    body = f"<variable name={quoteattr(name)}/><encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{needs}"
    return f"<businessKnowledgeModel id={_id('k', name)} name={quoteattr(name)}>{body}</businessKnowledgeModel>"


def an_expression(text: str) -> str:
    """A boxed literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def a_table(
    inputs: Sequence[str],
    rows: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    types: Sequence[str] = (),
    allowed: Sequence[str] = (),
    outputs: Sequence[str] = ("",),
    output_types: Sequence[str] = (),
    output_values: Sequence[str] = (),
    defaults: Sequence[str] = (),
    aggregation: str = "",
) -> str:
    """A decision table; each row has a cell for each input and output."""
    heads = "".join(
        f"<input><inputExpression{_ref(_at(types, at))}><text>{escape(text)}</text></inputExpression>"
        f"{_within('inputValues', _at(allowed, at))}</input>"
        for at, text in enumerate(inputs)
    )
    results = "".join(
        f"<output{f' name={quoteattr(name)}' if name else ''}{_ref(_at(output_types, at))}>"
        f"{_within('outputValues', _at(output_values, at))}{_within('defaultOutputEntry', _at(defaults, at))}</output>"
        for at, name in enumerate(outputs)
    )
    rules = "".join(
        "<rule>"
        + "".join(
            f"<{tag}><text>{escape(cell)}</text></{tag}>"
            for tag, cell in zip(["inputEntry"] * len(inputs) + ["outputEntry"] * len(outputs), row, strict=True)
        )
        + "</rule>"
        for row in rows
    )
    more = f" aggregation={quoteattr(aggregation)}" if aggregation else ""
    return f"<decisionTable hitPolicy={quoteattr(policy)}{more}>{heads}{results}{rules}</decisionTable>"


def a_table_model(
    inputs: Sequence[str], rows: Sequence[Sequence[str]], types: Sequence[str] = (), **more: Any
) -> bytes:
    """A model of one table over inputs of the same names."""
    declared = "".join(an_input(name, _at(types, at)) for at, name in enumerate(inputs))
    return a_model(declared + a_decision(a_table(inputs, rows, types=types, **more), inputs))


def _at(texts: Sequence[str], at: int) -> str:
    return texts[at] if at < len(texts) else ""


def _ref(type_ref: str) -> str:
    return f" typeRef={quoteattr(type_ref)}" if type_ref else ""


def _within(tag: str, text: str) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>" if text else ""


def _id(kind: str, name: str) -> str:
    return quoteattr(f"{kind}_{name}")


def _href(kind: str, name: str) -> str:
    return quoteattr(f"#{kind}_{name}")
