"""Numbers of the settings belong to somebody before the first webhook comes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from austa.kernel.actors import Caller
from austa.kernel.errors import NotFound
from austa.kernel.ids import OperatorId, new_id
from austa.runtime.compose import House
from austa.runtime.numbers import REGISTRY, attach_numbers


@dataclass
class Doors:
    """Of identity and chat: operators, and whose each number is."""

    operators: list[OperatorId] = field(default_factory=list)
    numbers: dict[str, OperatorId] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    async def operator_ids(self) -> tuple[OperatorId, ...]:
        return tuple(self.operators)

    async def ensure_operator(self, registry: str, name: str) -> Any:
        self.made.append(registry)
        self.operators.append(OperatorId(new_id()))
        return SimpleNamespace(id=self.operators[-1])

    async def operator_of(self, number_id: str) -> OperatorId:
        if number_id not in self.numbers:
            raise NotFound("chat.unknown_number", "nobody's")
        return self.numbers[number_id]

    async def add_number(self, caller: Caller, number_id: str) -> None:
        self.numbers[number_id] = caller.operator_id


async def attach(doors: Doors, **settings: Any) -> Mapping[str, OperatorId]:
    known = SimpleNamespace(**{"demo": False, "whatsapp_numbers": ("1", "2")} | settings)
    house = SimpleNamespace(identity=doors, chat=doors, platform=SimpleNamespace(settings=known))
    await attach_numbers(cast(House, house))
    return doors.numbers


async def test_where_nobody_is_an_operator_is_made_once() -> None:
    doors = Doors()
    first = dict(await attach(doors))
    assert await attach(doors) == first
    assert (set(first), doors.made) == ({"1", "2"}, [REGISTRY])


async def test_the_only_operator_gets_them_and_keeps_what_it_has() -> None:
    own = OperatorId(new_id())
    assert await attach(Doors([own], {"1": own})) == {"1": own, "2": own}


async def test_among_several_a_person_chooses() -> None:
    assert await attach(Doors([OperatorId(new_id()), OperatorId(new_id())])) == {}


async def test_the_demo_brings_its_own() -> None:
    assert await attach(Doors(), demo=True) == {}
