"""A model made ready to decide: loaded once, with every fault told, then asked as often as one likes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from austa.kernel.errors import Invalid, NotFound
from austa.modules.prior_auth.domain.dmn.compiler import Compute, Invocable, Mode, Scope
from austa.modules.prior_auth.domain.dmn.faults import Fault, Place, Undefined, refused
from austa.modules.prior_auth.domain.dmn.functions import BUILT_IN_NAMES
from austa.modules.prior_auth.domain.dmn.inputs import feel_value
from austa.modules.prior_auth.domain.dmn.item_types import ItemType, fitted, why_not
from austa.modules.prior_auth.domain.dmn.logic import LogicCompiler, Reach, null_where_undefined
from austa.modules.prior_auth.domain.dmn.memory import remembering
from austa.modules.prior_auth.domain.dmn.model import Decision, Definitions, InputData, KnowledgeModel, TableLogic
from austa.modules.prior_auth.domain.dmn.parser import RESERVED
from austa.modules.prior_auth.domain.dmn.reader import read_definitions
from austa.modules.prior_auth.domain.dmn.table import Table, applied_rules
from austa.modules.prior_auth.domain.dmn.types_of_model import TypesOfModel
from austa.modules.prior_auth.domain.dmn.values import KIND_BY_TYPE, Value

Inputs: TypeAlias = Mapping[str, Any]
_PYTHON_TYPE = {kind: python_type for python_type, kind in KIND_BY_TYPE.items()}


@dataclass(frozen=True)
class Prepared:
    """A decision that can be made: the steps that lead to it, in order, its own being the last."""

    decision: Decision
    inputs: tuple[str, ...]
    steps: tuple[tuple[str, Compute], ...]


@dataclass(frozen=True)
class Trace:
    """Every value known on the way to a decision, the decisions made, and the one that could not be made and why."""

    scope: Scope
    made: tuple[str, ...]
    stopped_at: str | None
    undefined: Undefined | None


@dataclass(frozen=True)
class Fired:
    """A rule that made a result: its table, its number from 1, and its id in the file (empty when it has none)."""

    table: str
    rule: int
    id: str


@dataclass(frozen=True)
class Decided:
    """A decision with what it is replayed from: the rules that made it, of every table on the way, and their file."""

    decision: str
    result: Value
    fired: tuple[Fired, ...]
    digest: str


class Rules:
    """The decisions of a model. `faults` is empty for rules loaded strictly."""

    def __init__(
        self,
        definitions: Definitions,
        mode: Mode,
        prepared: Mapping[str, Prepared],
        guards: Mapping[str, Callable[[Inputs], Value]],
        types: Mapping[str, ItemType],
        tables: Mapping[str, Table],
        faults: tuple[Fault, ...],
    ) -> None:
        self.definitions = definitions
        self.mode = mode
        self.faults = faults
        self.prepared = prepared
        self.input_types = types
        self.tables = tables
        self._guards = guards
        self._run = {name: self._runner(ready) for name, ready in prepared.items()}

    @property
    def digest(self) -> str:
        """SHA-256 of the file, in hex: what a decision is replayed from."""
        return self.definitions.digest

    def decide(self, decision: str, inputs: Inputs) -> Value:
        """The result of a decision.

        Strictly, raises `prior_auth.decision_undefined` where an input is absent or of another type, rules overlap,
        none matches, or an expression has no result: `details["reason"]` says which. By the standard all that is null.
        """
        run = self._run.get(decision)
        if run is None:
            raise NotFound("prior_auth.no_such_decision", f"the model {self.definitions.name} decides no such thing")
        return run(inputs)

    def decide_with_rules(self, decision: str, inputs: Inputs) -> Decided:
        """The result of a decision and the rules that made it, for its receipt. Slower; raises as `decide` does."""
        trace = self.trace(decision, inputs)
        if trace.undefined is not None:
            raise _undecided(decision, trace.undefined)
        tables = [self.tables[name] for name in trace.made if name in self.tables]
        fired = tuple(
            Fired(table.owner, rule + 1, table.logic.rules[rule].id)
            for table in tables
            for rule in applied_rules(table, trace.scope)
        )
        return Decided(decision, trace.scope[decision], fired, self.digest)

    def trace(self, decision: str, inputs: Inputs) -> Trace:
        """How a decision is made, step by step, and where it stopped. Raises only when there is no such decision."""
        ready = self.prepared.get(decision)
        if ready is None:
            raise NotFound("prior_auth.no_such_decision", f"the model {self.definitions.name} decides no such thing")
        scope: Scope = {}
        made: list[str] = []
        try:
            for name in ready.inputs:
                scope[name] = self._guards[name](inputs)
            for name, compute in ready.steps:
                scope[name] = compute(scope)
                made.append(name)
        except Undefined as undefined:
            at = ready.steps[len(made)][0] if len(scope) >= len(ready.inputs) else None
            return Trace(scope, tuple(made), at, undefined)
        return Trace(scope, tuple(made), None, None)

    def _runner(self, ready: Prepared) -> Callable[[Inputs], Value]:
        guards = tuple((name, self._guards[name]) for name in ready.inputs)
        steps = ready.steps[:-1]
        name, last = ready.steps[-1]

        def run(inputs: Inputs) -> Value:
            try:
                scope: Scope = {known: guard(inputs) for known, guard in guards}
                for known, compute in steps:
                    scope[known] = compute(scope)
                return last(scope)
            except Undefined as undefined:
                raise _undecided(name, undefined) from None

        table = self.tables.get(name)
        if table is None or steps or self.mode is not Mode.STRICT:
            return run
        return remembering(table, ready.inputs, self._guards, run) or run


def load_rules(source: bytes) -> Rules:
    """Rules for decisions about people. Raises `prior_auth.rules_refused` with every fault when a part is not sound."""
    rules = load_leniently(source, Mode.STRICT)
    if rules.faults:
        raise refused(list(rules.faults))
    return rules


def load_leniently(source: bytes, mode: Mode) -> Rules:
    """What can be decided of a model, with its faults beside it. Raises only when the file is no DMN model at all."""
    return _Loading(read_definitions(source, any_namespace=mode is Mode.STANDARD), mode).rules()


def _undecided(decision: str, undefined: Undefined) -> Invalid:
    return Invalid(
        "prior_auth.decision_undefined",
        f'the decision "{decision}" could not be made: {undefined.reason}',
        decision=decision,
        reason=undefined.code,
        about=undefined.about,
    )


class _Loading:
    def __init__(self, definitions: Definitions, mode: Mode) -> None:
        self.definitions = definitions
        self.mode = mode
        self.types = TypesOfModel(definitions)
        self.faults: list[Fault] = list(definitions.faults)
        self.inputs = {data.id: data for data in definitions.inputs}
        self.decisions = {decision.id: decision for decision in definitions.decisions}
        self.knowledge = {model.id: model for model in definitions.knowledge_models}
        self.parts: list[InputData | Decision | KnowledgeModel] = [*definitions.inputs, *definitions.decisions]
        self.parts += definitions.knowledge_models
        self.names = frozenset(part.name for part in self.parts if part.name)
        self.invocables: dict[str, Invocable | None] = {}
        self.computes: dict[str, Compute | None] = {}
        self.tables: dict[str, Table] = {}

    def rules(self) -> Rules:
        self._check_names()
        input_types = {data.name: self.types.find(data.type_ref, Place(data.name)) for data in self.definitions.inputs}
        guards = {name: _guard(name, wanted, self.mode) for name, wanted in input_types.items()}
        prepared: dict[str, Prepared] = {}
        for decision in self.definitions.decisions:
            ready = self._prepare(decision)
            if ready is not None:
                prepared[decision.name] = ready
        faults = tuple(dict.fromkeys([*self.faults, *self.types.faults]))
        return Rules(self.definitions, self.mode, prepared, guards, input_types, self.tables, faults)

    def _check_names(self) -> None:
        names = [part.name for part in self.parts]
        ids = [part.id for part in self.parts]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.faults.append(Fault(Place(name), name, "um nome que nada mais no modelo tenha"))
        for name in sorted({name for name in names if not name or name in RESERVED}):
            self.faults.append(Fault(Place(name), name, "um nome que não seja palavra do FEEL"))
        if "" in ids or len(set(ids)) < len(ids):
            self.faults.append(Fault(Place(), "", "um id próprio para cada dado, decisão e modelo de conhecimento"))

    def _prepare(self, decision: Decision) -> Prepared | None:
        order = self._order_of(decision)
        if order is None:
            return None
        steps: list[tuple[str, Compute]] = []
        inputs: list[str] = []
        whole = True
        for step in order:
            compute = self._compute(step)
            if compute is None:
                whole = False
                continue
            steps.append((step.name, compute))
            inputs += [self.inputs[part].name for part in step.required if part in self.inputs]
        return Prepared(decision, tuple(dict.fromkeys(inputs)), tuple(steps)) if whole else None

    def _order_of(self, decision: Decision) -> list[Decision] | None:
        """The decision with all it requires, required ones first; None when they go in a circle."""
        order: list[Decision] = []
        open_ids: set[str] = set()

        def visit(step: Decision) -> bool:
            if step in order:
                return True
            if step.id in open_ids:
                return False
            open_ids.add(step.id)
            sound = all(visit(self.decisions[part]) for part in step.required if part in self.decisions)
            order.append(step)
            return sound

        if not visit(decision):
            self.faults.append(Fault(Place(decision.name), decision.name, "uma decisão que não dependa de si mesma"))
            return None
        return order

    def _compute(self, decision: Decision) -> Compute | None:
        """By the standard, logic that is not FEEL is null; what only this level lacks is not decided at all."""
        if decision.id not in self.computes:
            compute = self._compile(decision)
            if compute is None and self.mode is Mode.STANDARD and not self._is_beyond(decision):
                compute = _null
            self.computes[decision.id] = compute
        return self.computes[decision.id]

    def _is_beyond(self, decision: Decision) -> bool:
        within = {decision.name, "", *(model.name for model in self.definitions.knowledge_models)}
        return any(fault.beyond and fault.place.decision in within for fault in self.faults)

    def _compile(self, decision: Decision) -> Compute | None:
        place = Place(decision.name)
        missing = [part for part in decision.required if part not in self.inputs and part not in self.decisions]
        for part in missing:
            self.faults.append(Fault(place, f"#{part}", "um dado ou uma decisão deste arquivo"))
        wanted = self.types.find(decision.type_ref, place)
        invocables = self._reachable(decision.knowledge, place)
        if decision.logic is None or missing or invocables is None:
            return None
        variables = {
            part.name: self.types.find(part.type_ref, place)
            for part in (self.inputs.get(known) or self.decisions[known] for known in decision.required)
        }
        compiler = LogicCompiler(decision.name, self.types, self.mode, self.names)
        compute = compiler.compile(decision.logic, Reach(variables, invocables), wanted)
        self.faults += compiler.faults
        self.tables.update(compiler.tables)
        if compute is None or compiler.faults:
            return None
        return self._finished(compute, decision, wanted)

    def _finished(self, compute: Compute, decision: Decision, wanted: ItemType) -> Compute:
        """The result as the decision's type has it."""
        name = decision.name
        if self.mode is Mode.STANDARD:
            return null_where_undefined(lambda scope: fitted(compute(scope), wanted)[1])
        if isinstance(decision.logic, TableLogic) and not decision.type_ref:
            return compute
        return _with_checked_result(name, compute, wanted)

    def _reachable(self, ids: tuple[str, ...], place: Place) -> dict[str, Invocable] | None:
        found: dict[str, Invocable] = {}
        for part in ids:
            model = self.knowledge.get(part)
            if model is None:
                self.faults.append(Fault(place, f"#{part}", "um modelo de conhecimento deste arquivo"))
                return None
            invocable = self._invocable(model, ())
            if invocable is None:
                return None
            found[model.name] = invocable
        return found

    def _invocable(self, model: KnowledgeModel, above: tuple[str, ...]) -> Invocable | None:
        place = Place(model.name)
        if model.id in above:
            self.faults.append(Fault(place, model.name, "um modelo de conhecimento que não dependa de si mesmo"))
            return None
        if model.id not in self.invocables:
            self.invocables[model.id] = self._build_invocable(model, (*above, model.id), place)
        return self.invocables[model.id]

    def _build_invocable(self, model: KnowledgeModel, above: tuple[str, ...], place: Place) -> Invocable | None:
        if model.name in BUILT_IN_NAMES:
            self.faults.append(Fault(place, model.name, "um nome que nenhuma função do FEEL tenha"))
        inner: dict[str, Invocable] = {}
        for part in model.knowledge:
            required = self.knowledge.get(part)
            invocable = None if required is None else self._invocable(required, above)
            if required is None or invocable is None:
                self.faults.append(Fault(place, f"#{part}", "um modelo de conhecimento que possa ser avaliado"))
                return None
            inner[required.name] = invocable
        if model.logic is None:
            return None
        parameters = {name: self.types.find(type_ref, place) for name, type_ref in model.parameters}
        compiler = LogicCompiler(model.name, self.types, self.mode, self.names)
        wanted = self.types.find(model.type_ref, place)
        compute = compiler.compile(model.logic, Reach(parameters, inner), wanted)
        self.faults += compiler.faults
        self.tables.update(compiler.tables)
        if compute is None or compiler.faults:
            return None
        whole = _with_checked_arguments(compute, parameters, self.mode)
        if self.mode is Mode.STANDARD:
            return Invocable(tuple(parameters), lambda scope: fitted(whole(scope), wanted)[1])
        return Invocable(tuple(parameters), _with_checked_result(model.name, whole, wanted))


def _null(scope: Scope) -> Value:
    return None


def _with_checked_result(name: str, compute: Compute, wanted: ItemType) -> Compute:
    """Strictly, what comes out is of the type that was declared."""
    if wanted.kind is None and wanted.allows is None:
        return compute
    simple = _PYTHON_TYPE[wanted.kind] if _is_simple(wanted) and wanted.kind else None

    def checked(scope: Scope) -> Value:
        value = compute(scope)
        if type(value) is simple:
            return value
        lacking = why_not(value, wanted)
        if lacking is not None:
            raise Undefined("result_mistyped", f"the result {name} should be {lacking}")
        return value

    return checked


def _with_checked_arguments(compute: Compute, parameters: Mapping[str, ItemType], mode: Mode) -> Compute:
    typed = [(name, wanted) for name, wanted in parameters.items() if wanted.kind is not None]

    def strictly(scope: Scope) -> Value:
        for name, wanted in typed:
            lacking = why_not(scope[name], wanted)
            if lacking is not None:
                raise Undefined("argument_mistyped", f"the argument {name} should be {lacking}")
        return compute(scope)

    def by_the_standard(scope: Scope) -> Value:
        for name, wanted in typed:
            is_fit, scope[name] = fitted(scope[name], wanted)
            if not is_fit:
                return None
        return compute(scope)

    if not typed:
        return compute
    return strictly if mode is Mode.STRICT else by_the_standard


def _guard(name: str, wanted: ItemType, mode: Mode) -> Callable[[Inputs], Value]:
    """Takes an input out of what was given: there, of its type, with an allowed value. Null is a value."""

    def strictly(inputs: Inputs) -> Value:
        try:
            given = inputs[name]
        except KeyError:
            why = f"the input {name} is absent (give null where it is not known)"
            raise Undefined("input_absent", why, name) from None
        value = feel_value(given, name)
        lacking = why_not(value, wanted)
        if lacking is not None:
            raise Undefined("input_mistyped", f"the input {name} should be {lacking}", name)
        return value

    def by_the_standard(inputs: Inputs) -> Value:
        return fitted(feel_value(inputs.get(name), name), wanted)[1]

    return strictly if mode is Mode.STRICT else by_the_standard


def _is_simple(wanted: ItemType) -> bool:
    return wanted.allows is None and not wanted.parts and wanted.element is None
