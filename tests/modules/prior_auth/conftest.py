"""The house of these tests."""

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest_asyncio

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.ids import MemberId, OperatorId, new_id
from austa.modules.fraud import module as fraud_module
from austa.modules.prior_auth.module import build, build_rulebook
from austa.modules.prior_auth.service.asks import Asks
from austa.modules.prior_auth.service.assessing import Assessor
from austa.modules.prior_auth.service.gathering import Sources
from austa.modules.prior_auth.service.receipt_book import ReceiptBook
from austa.modules.prior_auth.service.registrar import Registrar
from austa.modules.prior_auth.service.standings import Standings
from austa.modules.prior_auth.service.vault import Vault
from tests.conftest import deliver
from tests.modules.prior_auth.cases import a_member
from tests.modules.prior_auth.house import House
from tests.modules.prior_auth.world import World


@pytest_asyncio.fixture
async def house(platform: Platform, operator_id: OperatorId, system: Caller) -> AsyncIterator[House]:
    world = World(operator_id)
    member = MemberId(new_id())
    world.members.facts[member] = a_member(member_id=member)
    modules = cast(dict[str, Any], {name: getattr(world, name) for name in World.__dataclass_fields__})
    del modules["operator_id"]
    fraud, of_fraud = fraud_module.build(
        platform,
        **{name: modules[name] for name in ("documents", "identity", "members", "providers", "privacy")},
    )
    service, wired = build(platform, fraud=fraud, **modules)
    database, book = (
        platform.database.for_module("prior_auth"),
        ReceiptBook(Vault(platform.keys), platform.keys, modules["members"], platform.clock),
    )
    rulebook = build_rulebook(platform)
    standings = Standings(modules["providers"], modules["terminology"])
    assessor = Assessor(
        database,
        vault=Vault(platform.keys),
        clock=platform.clock,
        rulebook=rulebook,
        sources=Sources(modules["members"], standings, modules["documents"], book, fraud),
        registrar=Registrar(book, rulebook),
        asks=Asks(Vault(platform.keys)),
    )
    handlers = deliver(platform, [*wired.handlers, *of_fraud.handlers])
    yield House(platform, service, assessor, handlers, world, system, member, fraud)
