"""A DMN file into a model. Namespaces of DMN 1.2 to 1.5; what this level cannot evaluate becomes a fault."""

import hashlib
from enum import Enum
from typing import NoReturn, TypeVar

from austa.modules.prior_auth.domain.dmn.faults import Fault, Place, refused
from austa.modules.prior_auth.domain.dmn.model import (
    Aggregation,
    ContextLogic,
    Decision,
    Definitions,
    HitPolicy,
    InputClause,
    InputData,
    InvocationLogic,
    ItemDefinition,
    KnowledgeModel,
    LiteralLogic,
    Logic,
    OutputClause,
    Rule,
    TableLogic,
)
from austa.modules.prior_auth.domain.dmn.xml import Element, read_xml

MODEL_NAMESPACES = {
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
_LOGIC = ("literalExpression", "decisionTable", "invocation", "context")
_LOGIC_BEYOND = (
    "functionDefinition",
    "list",
    "relation",
    "conditional",
    "for",
    "every",
    "some",
    "filter",
)
_MOST_RULES = 10_000

Choice = TypeVar("Choice", bound=Enum)


class _Refused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_definitions(source: bytes, any_namespace: bool = False) -> Definitions:
    """The model of a file; what is wrong inside is in `faults`. Raises `prior_auth.rules_refused` when it is none.

    `any_namespace` also takes models of other versions, as the compatibility kit's history has them.
    """
    root = read_xml(source)
    version = MODEL_NAMESPACES.get(root.namespace, "another" if any_namespace else None)
    if root.name != "definitions" or version is None:
        known = ", ".join(MODEL_NAMESPACES.values())
        raise refused([Fault(Place(), f"{{{root.namespace}}}{root.name}", f"<definitions> da DMN {known}")])
    return _Reader(root, version, hashlib.sha256(source).hexdigest()).definitions()


class _Reader:
    def __init__(self, root: Element, version: str, digest: str) -> None:
        self.root = root
        self.version = version
        self.digest = digest
        self.namespace = root.get("namespace")
        self.faults: list[Fault] = []

    def definitions(self) -> Definitions:
        self._refuse_imports()
        types = tuple(self._item(element) for element in self.root.named("itemDefinition"))
        inputs = tuple(
            InputData(element.get("id"), _name(element), _variable_type(element))
            for element in self.root.named("inputData")
        )
        decisions = tuple(self._decision(element) for element in self.root.named("decision"))
        knowledge = tuple(self._knowledge_model(element) for element in self.root.named("businessKnowledgeModel"))
        return Definitions(
            _name(self.root),
            self.namespace,
            self.version,
            self.digest,
            types,
            inputs,
            decisions,
            knowledge,
            tuple(self.faults),
        )

    def _refuse_imports(self) -> None:
        for element in self.root.named("import"):
            self.faults.append(
                Fault(Place(), element.get("namespace"), "um modelo num só arquivo, sem importar outros", True)
            )

    def _item(self, element: Element) -> ItemDefinition:
        allowed = element.first("allowedValues") or element.first("typeConstraint")
        if element.first("typeConstraint") is not None and element.get("isCollection") == "true":
            self.faults.append(Fault(Place(), _name(element), "nenhuma restrição sobre a lista inteira", True))
        if element.first("functionItem") is not None:
            self.faults.append(Fault(Place(), _name(element), "um tipo de valores, não de funções", True))
        return ItemDefinition(
            _name(element),
            local_type(_text_of(element.first("typeRef"))),
            _text_within(allowed),
            element.get("isCollection") == "true",
            tuple(self._item(component) for component in element.named("itemComponent")),
        )

    def _decision(self, element: Element) -> Decision:
        place = Place(_name(element))
        required: list[str] = []
        for requirement in element.named("informationRequirement"):
            required += self._references(requirement, place, "requiredInput", "requiredDecision")
        return Decision(
            element.get("id"),
            _name(element),
            _variable_type(element),
            self._logic_or_fault(element, place),
            tuple(required),
            self._required_knowledge(element, place),
        )

    def _knowledge_model(self, element: Element) -> KnowledgeModel:
        place = Place(_name(element))
        body = element.first("encapsulatedLogic")
        if body is not None and body.get("kind") not in {"", "FEEL"}:
            self.faults.append(Fault(place, body.get("kind"), "uma função escrita em FEEL", True))
            body = None
        parameters = [] if body is None else body.named("formalParameter")
        return KnowledgeModel(
            element.get("id"),
            _name(element),
            _variable_type(element),
            tuple((_name(parameter), local_type(parameter.get("typeRef"))) for parameter in parameters),
            None if body is None else self._logic_or_fault(body, place),
            self._required_knowledge(element, place),
        )

    def _required_knowledge(self, element: Element, place: Place) -> tuple[str, ...]:
        found: list[str] = []
        for requirement in element.named("knowledgeRequirement"):
            found += self._references(requirement, place, "requiredKnowledge")
        return tuple(found)

    def _references(self, requirement: Element, place: Place, *names: str) -> list[str]:
        found = []
        for reference in requirement.named(*names):
            namespace, _, identifier = reference.get("href").rpartition("#")
            if namespace not in {"", self.namespace} or not identifier:
                self.faults.append(Fault(place, reference.get("href"), "uma parte deste arquivo: #id", True))
            else:
                found.append(identifier)
        return found

    def _logic_or_fault(self, owner: Element, place: Place) -> Logic | None:
        try:
            return self._logic(owner, place)
        except _Refused as refusal:
            self.faults.append(refusal.fault)
            return None

    def _logic(self, owner: Element, place: Place) -> Logic:
        beyond = owner.named(*_LOGIC_BEYOND)
        found = owner.named(*_LOGIC)
        if beyond:
            _refuse(
                place, beyond[0].name, "uma tabela de decisão, expressão literal, invocação ou contexto", beyond=True
            )
        if len(found) != 1:
            _refuse(place, "", "uma só tabela de decisão, expressão literal, invocação ou contexto")
        element = found[0]
        match element.name:
            case "literalExpression":
                return LiteralLogic(_feel(element, place))
            case "decisionTable":
                return _table(element, place)
            case "invocation":
                return self._invocation(element, place)
            case _:
                return self._context(element, place)

    def _invocation(self, element: Element, place: Place) -> InvocationLogic:
        function = element.first("literalExpression")
        if function is None:
            _refuse(place, "", "o nome do que se invoca")
        bindings = []
        for binding in element.named("binding"):
            parameter = binding.first("parameter")
            if parameter is None:
                _refuse(place, "", "um parâmetro em cada atribuição")
            bindings.append((_name(parameter), self._logic(binding, place)))
        return InvocationLogic(" ".join(_feel(function, place).split()), tuple(bindings))

    def _context(self, element: Element, place: Place) -> ContextLogic:
        entries: list[tuple[str, str, Logic]] = []
        result: Logic | None = None
        for entry in element.named("contextEntry"):
            if result is not None:
                _refuse(place, "", "a entrada sem nome como a última")
            variable = entry.first("variable")
            logic = self._logic(entry, place)
            if variable is None:
                result = logic
            else:
                entries.append((_name(variable), local_type(variable.get("typeRef")), logic))
        return ContextLogic(tuple(entries), result)


def _table(element: Element, place: Place) -> TableLogic:
    inputs = tuple(_input(clause, place) for clause in element.named("input"))
    outputs = tuple(_output(clause) for clause in element.named("output"))
    rules = element.named("rule")
    if not outputs:
        _refuse(place, "", "ao menos uma saída")
    if len(rules) > _MOST_RULES:
        _refuse(place, str(len(rules)), f"no máximo {_MOST_RULES} regras")
    names = [output.name for output in outputs]
    if len(outputs) > 1 and ("" in names or len(set(names)) < len(names)):
        _refuse(place, ", ".join(names), "um nome diferente para cada saída")
    policy = _one_of(HitPolicy, element.get("hitPolicy") or "UNIQUE", place)
    aggregation = _one_of(Aggregation, element.get("aggregation"), place) if element.get("aggregation") else None
    if aggregation is not None and policy is not HitPolicy.COLLECT:
        _refuse(place, element.get("aggregation"), "agregação só com COLLECT")
    if aggregation is not None and len(outputs) > 1:
        _refuse(place, aggregation.value, "uma só saída, onde se agregam resultados")
    return TableLogic(
        policy,
        aggregation,
        inputs,
        outputs,
        tuple(_rule(rule, number, len(inputs), len(outputs), place) for number, rule in enumerate(rules, 1)),
        local_type(element.get("typeRef")),
    )


def _input(clause: Element, place: Place) -> InputClause:
    expression = clause.first("inputExpression")
    label = clause.get("label")
    if expression is None:
        _refuse(Place(place.decision, column=label), "", "uma expressão de entrada")
    text = _feel(expression, Place(place.decision, column=label))
    return InputClause(label, text, local_type(expression.get("typeRef")), _text_within(clause.first("inputValues")))


def _output(clause: Element) -> OutputClause:
    default = clause.first("defaultOutputEntry")
    return OutputClause(
        " ".join(clause.get("name").split()),
        clause.get("label"),
        local_type(clause.get("typeRef")),
        _text_within(clause.first("outputValues")),
        None if default is None else _text_within(default),
    )


def _rule(element: Element, number: int, inputs: int, outputs: int, place: Place) -> Rule:
    conditions, results = element.named("inputEntry"), element.named("outputEntry")
    here = Place(place.decision, number)
    if (len(conditions), len(results)) != (inputs, outputs):
        shown = f"{len(conditions)} and {len(results)}"
        _refuse(here, shown, f"{inputs} condições e {outputs} resultados, como a tabela tem colunas")
    for cell in (*conditions, *results):
        _check_language(cell, here)
    notes = [_text_of(element.first("description"))]
    notes += [_text_within(note) for note in element.named("annotationEntry")]
    return Rule(
        element.get("id"),
        tuple(_text_within(cell) for cell in conditions),
        tuple(_text_within(cell) for cell in results),
        tuple(note for note in notes if note),
    )


def local_type(reference: str) -> str:
    """A type reference without the prefix that older files put before it (`feel:number`)."""
    return " ".join(reference.rpartition(":")[2].split())


def _variable_type(element: Element) -> str:
    variable = element.first("variable")
    return "" if variable is None else local_type(variable.get("typeRef"))


def _name(element: Element) -> str:
    return " ".join(element.get("name").split())


def _text_of(element: Element | None) -> str:
    return "" if element is None else element.text.strip()


def _text_within(element: Element | None) -> str:
    return "" if element is None else _text_of(element.first("text"))


def _feel(element: Element, place: Place) -> str:
    _check_language(element, place)
    if element.first("importedValues") is not None:
        _refuse(place, "importedValues", "uma expressão neste arquivo", beyond=True)
    return _text_within(element)


def _check_language(element: Element, place: Place) -> None:
    language = element.get("expressionLanguage")
    if language and "feel" not in language.lower():
        _refuse(place, language, "FEEL como linguagem das expressões")


def _one_of(values: type[Choice], text: str, place: Place) -> Choice:
    found = next((value for value in values if value.value == text), None)
    if found is None:
        _refuse(place, text, " ou ".join(str(value.value) for value in values))
    return found


def _refuse(place: Place, text: str, expected: str, beyond: bool = False) -> NoReturn:
    raise _Refused(Fault(place, text, expected, beyond))
