"""`prior_auth` on a real PostgreSQL, with stand-ins for the modules below it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from austa.infra.outbox import Handler
from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.events import Event
from austa.kernel.ids import CaseId, MemberId, PrincipalId, RequestId, new_id
from austa.kernel.money import Money
from austa.kernel.personal import Personal
from austa.modules.fraud.service.fraud import FraudService
from austa.modules.prior_auth.adapters.coverage_file import load_pack
from austa.modules.prior_auth.api.requests import (
    AskedItem,
    AttachedDocument,
    AuthorizationAsked,
    IndicationFact,
    Outcome,
    ReleasedDecision,
    Requester,
    RequestView,
)
from austa.modules.prior_auth.service.assessing import Assessor
from austa.modules.prior_auth.service.prior_auth import PriorAuthService
from tests.conftest import TODAY, drain
from tests.modules.prior_auth.cases import KNEE, a_member
from tests.modules.prior_auth.releases import a_denial
from tests.modules.prior_auth.world import World

REQUESTER = Requester(name=Personal("Renato Demo"), council="CRM", uf="SP", number="900010")
PACK = load_pack()
ORDER = AttachedDocument(kind="order")


@dataclass
class House:
    """`prior_auth` with everything around it."""

    platform: Platform
    service: PriorAuthService
    assessor: Assessor
    handlers: list[Handler]
    world: World
    system: Caller
    member: MemberId
    fraud: FraudService

    def add_member(self) -> MemberId:
        """One more, as well covered as the first."""
        member = MemberId(new_id())
        self.world.members.facts[member] = a_member(member_id=member)
        return member

    async def settle(self) -> None:
        await drain(self.platform, self.handlers)

    async def ask(self, key: str = "key-1", **changes: Any) -> RequestId:
        receipt = await self.service.request(self.system, key, asked(self.member, **changes))
        await self.settle()
        return receipt.request_id

    async def see(self, request_id: RequestId) -> RequestView:
        return await self.service.get(self.system, request_id)

    async def signals(self, request_id: RequestId) -> list[str]:
        """As whoever may see them does."""
        return [signal.id for signal in (await self.fraud.screening(self.system, request_id)).screening.signals]

    async def events(self, kind: str) -> list[dict[str, Any]]:
        """What was told, as it lies in the outbox."""
        async with self.platform.database.begin("austa_prior_auth", self.system.operator_id) as connection:
            rows = await connection.execute(
                sa.text("select envelope -> 'data' from outbox.event where type = :kind order by position"),
                {"kind": f"prior_auth.{kind}.v1"},
            )
            return [row[0] for row in rows]

    async def publish(self, *events: Event) -> None:
        async with self.platform.database.for_module("prior_auth").transaction(self.system) as tx:
            await tx.publish(*events)
        await self.settle()

    async def release(
        self, request_id: RequestId, outcome: Outcome, by: PrincipalId, key: str = "release-1", **changes: Any
    ) -> Any:
        request = await self.see(request_id)
        values = {
            "request_id": request_id,
            "expected_version": request.version,
            "case_id": CaseId(new_id()),
            "outcome": outcome,
            "released_by": by,
            "releaser_roles": self.world.identity.staff[by].roles,
            "released_at": self.platform.clock.now(),
            **changes,
        }
        decision = a_denial(**values) if outcome in {"deny", "approve_in_part"} else plain(**values)
        record = await self.service.decide(self.system, key, decision)
        await self.settle()
        return record


def plain(**values: Any) -> ReleasedDecision:
    return a_denial(**{"ground": None, "reason_codes": (), "legal_basis": None, "member_text": None, **values})


def asked(member: MemberId, **changes: Any) -> AuthorizationAsked:
    """A hemogram with its order, from a known requester."""
    given: dict[str, Any] = {
        "member_id": member,
        "channel": "api",
        "asked_at": TODAY - timedelta(minutes=3),
        "items": (AskedItem(tuss="40304361", amount=Money(centavos=2600)),),
        "cids": (Personal("Z00.0"),),
        "requester": REQUESTER,
        "documents": (ORDER,),
    }
    return AuthorizationAsked(**{**given, **changes})


KNEE_MRI = (AskedItem(tuss="41101316", amount=Money(centavos=98_000), laterality="right"),)
KNEE_FACTS = tuple(IndicationFact(name=name, value=value) for name, value in KNEE.items())
CHEMOTHERAPY: dict[str, Any] = {
    "items": (AskedItem(tuss="20104294", quantity=2),),
    "documents": tuple(AttachedDocument(kind=kind) for kind in ("order", "report", "finding")),
}
