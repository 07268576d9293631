"""The item definitions of a model as types, with their allowed values compiled."""

from collections.abc import Callable

from austa.modules.prior_auth.domain.dmn.compiler import Mode, Setting, compile_tests
from austa.modules.prior_auth.domain.dmn.faults import Fault, Place, SyntaxFault
from austa.modules.prior_auth.domain.dmn.item_types import ANY, BUILT_IN, ItemType
from austa.modules.prior_auth.domain.dmn.model import Definitions, ItemDefinition
from austa.modules.prior_auth.domain.dmn.parser import Names, parse_tests
from austa.modules.prior_auth.domain.dmn.syntax import UnaryTests
from austa.modules.prior_auth.domain.dmn.values import Kind, Value


class TypesOfModel:
    """Finds types by their name; a name that means none is a fault, told once for each place."""

    def __init__(self, definitions: Definitions) -> None:
        self.faults: list[Fault] = []
        self._defined = {item.name: item for item in definitions.types}
        self._ready: dict[str, ItemType] = {}
        for item in definitions.types:
            self.find(item.name, Place())

    def find(self, name: str, place: Place) -> ItemType:
        """The type of that name; anything where no type is named."""
        if name in {"", "Any"}:
            return ANY
        if name in BUILT_IN and name not in self._defined:
            return ItemType(name, BUILT_IN[name])
        if name not in self._ready:
            item = self._defined.get(name)
            if item is None:
                self.faults.append(Fault(place, name, "um tipo do FEEL, ou um que o modelo defina"))
                return ANY
            self._ready[name] = ANY  # what refers to itself finds this
            self._ready[name] = self._build(item, (name,))
        return self._ready[name]

    def _build(self, item: ItemDefinition, path: tuple[str, ...]) -> ItemType:
        place = Place()
        name = ".".join(path)
        if self._reaches_itself(item):
            self.faults.append(Fault(place, name, "um tipo que não se defina por si mesmo"))
            return ANY
        allowed = self._allowed(item, name)
        if item.components:
            parts = tuple((part.name, self._build(part, (*path, part.name))) for part in item.components)
            single = ItemType(name, Kind.CONTEXT, parts)
        else:
            base = self.find(item.type_ref, place)
            single = ItemType(
                name,
                base.kind,
                base.parts,
                base.element,
                allowed or base.allowed,
                _both(base.allows, _allows(allowed)),
            )
        return ItemType(name, Kind.LIST, element=single) if item.is_collection else single

    def _allowed(self, item: ItemDefinition, name: str) -> UnaryTests | None:
        if not item.allowed:
            return None
        try:
            return parse_tests(item.allowed, Names({}))
        except SyntaxFault as fault:
            self.faults.append(fault.at_place(Place(column=f"allowed values of {name}")))
            return None

    def _reaches_itself(self, item: ItemDefinition) -> bool:
        """Whether following the names of types comes back to the beginning."""
        seen: set[str] = set()
        waiting = [item]
        while waiting:
            current = waiting.pop()
            waiting += current.components
            if current.type_ref == item.name:
                return True
            if current.type_ref in self._defined and current.type_ref not in seen:
                seen.add(current.type_ref)
                waiting.append(self._defined[current.type_ref])
        return False


def _allows(allowed: UnaryTests | None) -> Callable[[Value], bool] | None:
    if allowed is None:
        return None
    ask = compile_tests(allowed, Setting(Mode.STANDARD, {}))
    return lambda value: ask(value, {}) is True


def _both(one: Callable[[Value], bool] | None, other: Callable[[Value], bool] | None) -> Callable[[Value], bool] | None:
    if one is None or other is None:
        return one or other
    return lambda value: one(value) and other(value)
