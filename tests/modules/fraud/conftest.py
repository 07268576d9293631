"""`fraud` on a real PostgreSQL, with stand-ins for the modules below it."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from austa.infra.outbox import Handler
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.events import Event
from austa.kernel.ids import DocumentId, OperatorId
from austa.modules.documents.api import Documents, FileMarks
from austa.modules.fraud.api import RequestFacts
from austa.modules.fraud.module import build
from austa.modules.fraud.service.fraud import FraudService
from austa.modules.identity.api import Identity
from austa.modules.members.api import Member, Members
from austa.modules.privacy.api import Privacy
from austa.modules.providers.api import Provider, Providers
from tests.conftest import deliver, drain
from tests.fakes.identity import FakeIdentity
from tests.fakes.members import FakeMembers, a_member
from tests.fakes.privacy import FakePrivacy
from tests.fakes.providers import FakeProviders

CARD, OTHER_CARD, THIRD_CARD = "900100000000011", "900100000000012", "900100000000013"


@dataclass
class FakeFiles:
    """`documents`, as far as its marks."""

    marks: dict[DocumentId, FileMarks] = field(default_factory=dict)

    async def file_marks(self, caller: Caller, document_id: DocumentId) -> FileMarks | None:
        return self.marks.get(document_id)


@dataclass
class Watch:
    """`fraud` with everything around it: two places 400 km apart, and three people of three families."""

    platform: Platform
    fraud: FraudService
    handlers: list[Handler]
    privacy: FakePrivacy
    files: FakeFiles
    system: Caller
    people: tuple[Member, ...]
    near: Provider
    far: Provider

    async def signals(self, asked: RequestFacts) -> list[str]:
        return sorted({signal.id for signal in (await self.fraud.signals_for(self.system, asked)).signals})

    async def blind(self, asked: RequestFacts) -> set[str]:
        return set((await self.fraud.signals_for(self.system, asked)).blind)

    async def tell(self, *events: Event) -> None:
        async with self.platform.database.for_module("prior_auth").transaction(self.system) as tx:
            await tx.publish(*events)
        await drain(self.platform, self.handlers)


@pytest.fixture
def watch(platform: Platform, operator_id: OperatorId, system: Caller) -> Watch:
    members, providers, privacy, files = FakeMembers(), FakeProviders(), FakePrivacy(), FakeFiles()
    people = tuple(members.add(a_member(card=card)) for card in (CARD, OTHER_CARD, THIRD_CARD))
    places = []
    for name, latitude in (("near", -23.5), ("far", -19.9)):
        place = providers.put(operator_id, name).model_copy(update={"latitude": latitude, "longitude": -46.6})
        providers.places[operator_id, place.id] = place
        places.append(place)
    neighbours: dict[str, Any] = {
        "documents": cast(Documents, files),
        "identity": cast(Identity, FakeIdentity()),
        "members": cast(Members, members),
        "privacy": cast(Privacy, privacy),
        "providers": cast(Providers, providers),
    }
    fraud, wired = build(platform, **neighbours)
    return Watch(platform, fraud, deliver(platform, list(wired.handlers)), privacy, files, system, people, *places)
