"""The boxed expressions of a model into closures, with a fault for every part that could not be evaluated.

Strictly, faults are also what would evaluate but never mean anything: a cell of another kind than its column, a value
that the column does not allow, an interval whose ends are crossed, a priority without an order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from austa.modules.prior_auth.domain.dmn.compiler import (
    Compute,
    Invocable,
    Mode,
    Scope,
    Setting,
    compile_expression,
    compile_tests,
)
from austa.modules.prior_auth.domain.dmn.faults import Fault, Place, SyntaxFault, Undefined, why_not_made
from austa.modules.prior_auth.domain.dmn.functions import BUILT_IN_NAMES
from austa.modules.prior_auth.domain.dmn.item_types import ANY, ItemType, conforms, type_said, why_not
from austa.modules.prior_auth.domain.dmn.model import (
    ContextLogic,
    HitPolicy,
    InputClause,
    InvocationLogic,
    LiteralLogic,
    Logic,
    OutputClause,
    TableLogic,
)
from austa.modules.prior_auth.domain.dmn.parser import Names, name_pattern, parse_expression, parse_tests
from austa.modules.prior_auth.domain.dmn.regions import constant_ends, is_constant
from austa.modules.prior_auth.domain.dmn.syntax import (
    Call,
    Compared,
    Expression,
    Interval,
    Literal,
    Name,
    Negation,
    Operation,
    Path,
    UnaryTests,
    unary_tests_text,
)
from austa.modules.prior_auth.domain.dmn.table import Column, Output, Table, make_column, make_table
from austa.modules.prior_auth.domain.dmn.types_of_model import TypesOfModel
from austa.modules.prior_auth.domain.dmn.values import SAID, Kind, Value, as_literal, kind_of, less


@dataclass(frozen=True)
class Reach:
    """What a boxed expression can name: variables with their types, and knowledge models."""

    variables: Mapping[str, ItemType]
    invocables: Mapping[str, Invocable]

    def names(self, mode: Mode) -> Names:
        """The same for the parser."""
        return Names(self.variables, frozenset(self.invocables), wrong_dates_are_null=mode is Mode.STANDARD)


_NOTHING = Reach({}, {})


class LogicCompiler:
    """Compiles the logic of one decision or knowledge model. `faults` is what is wrong, `tables` what was compiled;
    `names` are those of the whole model.
    """

    def __init__(self, owner: str, types: TypesOfModel, mode: Mode, names: frozenset[str] = frozenset()) -> None:
        self.owner = owner
        self.names = names
        self.types = types
        self.mode = mode
        self.faults: list[Fault] = []
        self.tables: dict[str, Table] = {}

    def compile(self, logic: Logic, reach: Reach, wanted: ItemType, label: str = "") -> Compute | None:
        """A closure for the logic, whose result should be of the wanted type; None when there are faults.

        `label` tells a part of the logic from the others.
        """
        label = label or self.owner
        match logic:
            case LiteralLogic(text):
                return self._expression(text, reach, Place(self.owner), wanted)
            case TableLogic():
                table = self._table(logic, reach, wanted, label)
                if table is None:
                    return None
                self.tables[label] = table
                return table.decide if self.mode is Mode.STRICT else null_where_undefined(table.decide)
            case InvocationLogic():
                return self._invocation(logic, reach, label)
            case ContextLogic():
                return self._context(logic, reach, wanted, label)

    def _expression(self, text: str, reach: Reach, place: Place, wanted: ItemType) -> Compute | None:
        node = self._parsed(text, reach, place)
        if node is None:
            return None
        if isinstance(node, Literal):
            self._check_value(node.value, text, wanted, place)
        return self._compiled(node, reach, place, text)

    def _parsed(self, text: str, reach: Reach, place: Place) -> Expression | None:
        try:
            return self._folded(parse_expression(text, reach.names(self.mode)), place, text)
        except SyntaxFault as fault:
            self.faults.append(self._told(fault, place, reach))
            return None

    def _told(self, fault: SyntaxFault, place: Place, reach: Reach) -> Fault:
        """A name that the model has, but that is not required here, is said to be just that."""
        near = [name for name in self.names if name_pattern(name).match(fault.text, fault.at)]
        if near and reach is not _NOTHING:
            return Fault(place, fault.text, f"que “{self.owner}” requeira “{max(near, key=len)}”, o que não faz")
        return fault.at_place(place)

    def _compiled(self, node: Expression, reach: Reach, place: Place, text: str) -> Compute | None:
        try:
            return compile_expression(node, Setting(self.mode, reach.invocables))
        except SyntaxFault as fault:
            self.faults.append(Fault(place, text, fault.expected, fault.beyond))
            return None

    def _folded(self, node: Expression, place: Place, text: str) -> Expression:
        """What names nothing is a value already; one that is undefined is found now."""
        if isinstance(node, Literal) or not _names_nothing(node):
            return node
        try:
            return Literal(compile_expression(node, Setting(self.mode, {}))({}))
        except Undefined as undefined:
            self.faults.append(
                Fault(place, text, f"uma expressão com resultado ({why_not_made(undefined.code, undefined.about)})")
            )
            return node

    def _context(self, logic: ContextLogic, reach: Reach, wanted: ItemType, label: str) -> Compute | None:
        variables = dict(reach.variables)
        entries: list[tuple[str, Compute]] = []
        whole = True
        for name, type_ref, inner in logic.entries:
            entry_type = self.types.find(type_ref, Place(self.owner)) if type_ref else wanted.part(name) or ANY
            compute = self.compile(inner, Reach(variables, reach.invocables), entry_type, f"{label}.{name}")
            if compute is None:
                whole = False
            else:
                entries.append((name, compute))
            variables[name] = entry_type
        result = None
        if logic.result is not None:
            result = self.compile(logic.result, Reach(variables, reach.invocables), wanted)
            whole = whole and result is not None
        return _context_of(entries, result) if whole else None

    def _invocation(self, logic: InvocationLogic, reach: Reach, label: str) -> Compute | None:
        place = Place(self.owner)
        invocable = reach.invocables.get(logic.function)
        if invocable is None:
            known = ", ".join(sorted(reach.invocables)) or "nenhum"
            self.faults.append(Fault(place, logic.function, f"um modelo de conhecimento requerido (há: {known})"))
            return None
        names = [name for name, _ in logic.bindings]
        if sorted(names) != sorted(invocable.parameters):
            wanted = f"um valor para cada parâmetro: {', '.join(invocable.parameters)}"
            self.faults.append(Fault(place, ", ".join(names), wanted))
            return None
        bound = [(name, self.compile(inner, reach, ANY, f"{label}.{name}")) for name, inner in logic.bindings]
        ready = [(name, compute) for name, compute in bound if compute is not None]
        body = invocable.body
        if len(ready) < len(bound):
            return None
        return lambda scope: body({name: compute(scope) for name, compute in ready})

    def _table(self, logic: TableLogic, reach: Reach, wanted: ItemType, label: str) -> Table | None:
        before = len(self.faults)
        columns = [self._column(logic, at, reach) for at in range(len(logic.inputs))]
        table_type = self.types.find(logic.type_ref, Place(self.owner)) if logic.type_ref else wanted
        outputs = [self._output(logic, clause, reach, table_type) for clause in logic.outputs]
        if self.mode is Mode.STRICT and logic.hit_policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}:
            self._check_priority(outputs)
        results = self._results(logic, outputs, reach)
        if len(self.faults) > before:
            return None
        setting = Setting(self.mode, reach.invocables)
        return make_table(label, logic, [column for column in columns if column], outputs, results, setting)

    def _column(self, logic: TableLogic, at: int, reach: Reach) -> Column | None:
        clause = logic.inputs[at]
        label = clause.label or clause.expression
        place = Place(self.owner, column=label)
        node = self._parsed(clause.expression, reach, place)
        compute = None if node is None else self._compiled(node, reach, place, clause.expression)
        column_type = self._column_type(clause, node, reach, place)
        allowed = self._tests(clause.allowed, _NOTHING, place) if clause.allowed else column_type.allowed
        cells = [
            self._tests(rule.conditions[at], reach, Place(self.owner, number, label))
            for number, rule in enumerate(logic.rules, 1)
        ]
        if compute is None or any(cell is None for cell in cells):
            return None
        tests = [cell for cell in cells if cell is not None]
        if self.mode is Mode.STRICT:
            self._check_cells(tests, column_type, allowed, label)
        variable = node.name if isinstance(node, Name) else ""
        setting = Setting(self.mode, reach.invocables)
        return make_column(label, variable, compute, column_type, allowed, tests, setting)

    def _column_type(self, clause: InputClause, node: Expression | None, reach: Reach, place: Place) -> ItemType:
        declared = self.types.find(clause.type_ref, place)
        found = _type_of(node, reach)
        if declared.kind is None:
            return found
        if self.mode is Mode.STRICT and found.kind not in {None, declared.kind}:
            self.faults.append(Fault(place, clause.expression, f"{SAID[declared.kind]}, como diz a coluna"))
        return declared

    def _tests(self, text: str, reach: Reach, place: Place) -> UnaryTests | None:
        try:
            tests = parse_tests(text, reach.names(self.mode))
            tests = UnaryTests(
                tuple(
                    Compared(test.operator, self._folded(test.end, place, text))
                    if isinstance(test, Compared)
                    else Interval(
                        self._folded(test.low, place, text),
                        self._folded(test.high, place, text),
                        test.low_closed,
                        test.high_closed,
                    )
                    for test in tests.tests
                ),
                tests.negated,
            )
            compile_tests(tests, Setting(self.mode, reach.invocables))
        except SyntaxFault as fault:
            self.faults.append(self._told(fault, place, reach))
            return None
        return tests

    def _check_cells(
        self, tests: list[UnaryTests], column_type: ItemType, allowed: UnaryTests | None, label: str
    ) -> None:
        first_kind: Kind | None = column_type.kind
        allows = None if allowed is None else compile_tests(allowed, Setting(Mode.STANDARD, {}))
        for number, cell in enumerate(tests, 1):
            if not is_constant(cell):
                continue
            place = Place(self.owner, number, label)
            for end in constant_ends(cell):
                if end is None:
                    continue
                first_kind = first_kind or kind_of(end)
                if kind_of(end) is not first_kind:
                    self.faults.append(
                        Fault(place, unary_tests_text(cell), f"{SAID[first_kind]}, como a coluna compara")
                    )
            for test in cell.tests:
                self._check_test(test, cell, allows, place)

    def _check_test(
        self,
        test: Compared | Interval,
        cell: UnaryTests,
        allows: Callable[[Value, Scope], bool | None] | None,
        place: Place,
    ) -> None:
        if isinstance(test, Interval):
            low, high = test.low, test.high
            if isinstance(low, Literal) and isinstance(high, Literal) and less(low.value, high.value) is not True:
                same = less(high.value, low.value) is False and test.low_closed and test.high_closed
                if not same:
                    self.faults.append(Fault(place, unary_tests_text(cell), "um intervalo que comece pela ponta menor"))
        elif allows is not None and test.operator == "=" and isinstance(test.end, Literal):
            value = test.end.value
            if value is not None and allows(value, {}) is not True:
                self.faults.append(Fault(place, as_literal(value), "um dos valores que a coluna permite"))

    def _output(self, logic: TableLogic, clause: OutputClause, reach: Reach, table_type: ItemType) -> Output:
        place = Place(self.owner, column=_head(clause))
        declared = self._output_type(logic, clause, table_type, place)
        listed = self._tests(clause.allowed, _NOTHING, place) if clause.allowed else declared.allowed
        values = constant_ends(listed) if listed is not None and is_constant(listed) else []
        allows = None
        if listed is not None:
            ask = compile_tests(listed, Setting(Mode.STANDARD, {}))

            def allows(value: Value) -> bool:
                return ask(value, {}) is True

        default = None
        if clause.default is not None:
            default = self._result(clause.default, reach, place, Output(clause.name, declared, (), allows, None))
        return Output(clause.name, declared, tuple(values), allows, default)

    def _output_type(self, logic: TableLogic, clause: OutputClause, table_type: ItemType, place: Place) -> ItemType:
        """As declared; otherwise what the table's type says about one result."""
        if clause.type_ref:
            return self.types.find(clause.type_ref, place)
        if logic.aggregation is not None:
            return ANY
        of_one = table_type.element if logic.hit_policy.gives_a_list and table_type.element else table_type
        if len(logic.outputs) > 1:
            return of_one.part(clause.name) or ANY
        return of_one

    def _check_priority(self, outputs: list[Output]) -> None:
        if not any(output.priority for output in outputs):
            place = Place(self.owner, column=outputs[0].name)
            self.faults.append(Fault(place, "", "uma lista de valores de saída: ela diz qual resultado vem primeiro"))

    def _results(self, logic: TableLogic, outputs: list[Output], reach: Reach) -> list[tuple[Compute, ...]]:
        rows: list[tuple[Compute, ...]] = []
        for number, rule in enumerate(logic.rules, 1):
            row: list[Compute] = []
            for clause, output, text in zip(logic.outputs, outputs, rule.results, strict=True):
                place = Place(self.owner, number, _head(clause))
                compute = self._result(text, reach, place, output)
                if compute is not None:
                    row.append(compute)
            rows.append(tuple(row))
        return rows

    def _result(self, text: str, reach: Reach, place: Place, output: Output) -> Compute | None:
        if not text and self.mode is Mode.STANDARD:
            text = "null"
        if not text:
            self.faults.append(Fault(place, "", "um resultado (null onde não há)"))
            return None
        node = self._parsed(text, reach, place)
        if node is None:
            return None
        if isinstance(node, Literal):
            self._check_value(node.value, text, output.type, place)
            unlisted = node.value is not None and output.allows is not None and not output.allows(node.value)
            if unlisted and self.mode is Mode.STRICT:
                self.faults.append(Fault(place, text, "um dos valores de saída"))
            return self._compiled(node, reach, place, text)
        compute = self._compiled(node, reach, place, text)
        return None if compute is None else _checked(compute, output, self.mode)

    def _check_value(self, value: Value, text: str, wanted: ItemType, place: Place) -> None:
        if self.mode is Mode.STRICT and not conforms(value, wanted):
            self.faults.append(Fault(place, text, type_said(wanted)))


def null_where_undefined(compute: Compute) -> Compute:
    """What even the standard calls an error (overlap, a value not allowed) has no result: null."""

    def guarded(scope: Scope) -> Value:
        try:
            return compute(scope)
        except Undefined:
            return None

    return guarded


def _checked(compute: Compute, output: Output, mode: Mode) -> Compute:
    """A computed result is checked when it is there: strictly an error, otherwise the table has no result."""
    if output.type == ANY and output.allows is None:
        return compute

    def checked(scope: Scope) -> Value:
        value = compute(scope)
        lacking = why_not(value, output.type)
        if lacking is None and output.allows is not None and value is not None and not output.allows(value):
            lacking = "one of the output values"
        if lacking is None:
            return value
        if mode is Mode.STRICT:
            raise Undefined("result_mistyped", f"the result {output.name} should be {lacking}")
        return None

    return checked


def _context_of(entries: list[tuple[str, Compute]], result: Compute | None) -> Compute:
    def compute(scope: Scope) -> Value:
        inner = dict(scope)
        for name, entry in entries:
            inner[name] = entry(inner)
        return {name: inner[name] for name, _ in entries} if result is None else result(inner)

    return compute


def _head(clause: OutputClause) -> str:
    return clause.name or clause.label or "result"


def _type_of(node: Expression | None, reach: Reach) -> ItemType:
    match node:
        case Name(name):
            return reach.variables[name]
        case Path(owner, part):
            return _type_of(owner, reach).part(part) or ANY
        case Literal(value) if value is not None:
            return ItemType("", kind_of(value))
        case _:
            return ANY


def _names_nothing(node: Expression) -> bool:
    match node:
        case Literal():
            return True
        case Name():
            return False
        case Path(owner, _):
            return _names_nothing(owner)
        case Negation(operand):
            return _names_nothing(operand)
        case Operation(_, left, right):
            return _names_nothing(left) and _names_nothing(right)
        case Call(function, arguments, _):
            return function in BUILT_IN_NAMES and all(_names_nothing(argument) for argument in arguments)
