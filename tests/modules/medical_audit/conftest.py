"""An audit desk on the real database: requests are routed to it, people work the cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from austa.infra.outbox import Handler
from austa.infra.platform import Platform
from austa.kernel.actors import Caller, Role
from austa.kernel.clock import SetClock
from austa.kernel.errors import AustaError
from austa.kernel.events import Event
from austa.kernel.ids import CaseId, DocumentId, OperatorId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity
from austa.modules.ledger import module as ledger_module
from austa.modules.ledger.service import LedgerService
from austa.modules.medical_audit import module as medical_audit_module
from austa.modules.medical_audit.api.cases import (
    CaseFilter,
    CaseLine,
    CaseView,
    ContactAsked,
    DecisionAsked,
    EvidencePin,
    OpinionAsked,
    OpinionKind,
    Release,
)
from austa.modules.medical_audit.domain.release import UNDO
from austa.modules.medical_audit.service.medical_audit import MedicalAuditService
from austa.modules.members.api import Members
from austa.modules.prior_auth import module as prior_auth_module
from austa.modules.prior_auth.api.requests import PriorAuth, Queue, RequestView
from austa.modules.prior_auth.events import RequestCancelled, RequestRouted
from austa.modules.privacy import module as privacy_module
from austa.modules.privacy.service import PrivacyService
from austa.modules.providers.api import Providers
from tests.conftest import deliver, drain
from tests.fakes.identity import FakeIdentity
from tests.fakes.providers import FakeProviders
from tests.modules.medical_audit.below import People, Requests, a_request

LONG_TEXT = "Seu pedido não foi autorizado. O motivo está escrito na carta. Você pode pedir nova análise à ouvidoria."


@dataclass
class Desk:
    """One operator's audit."""

    audit: MedicalAuditService
    platform: Platform
    clock: SetClock
    handlers: list[Handler]
    operator_id: OperatorId
    prior_auth: Requests
    members: People
    providers: FakeProviders
    identity: FakeIdentity
    privacy: PrivacyService
    ledger: LedgerService

    def __post_init__(self) -> None:
        self.physician = self.person("Helena Prado", "medical_auditor", council="CRM-SP 104233")
        self.nurse = self.person("Marta Reis", "nurse_auditor", council="COREN-SP 55120")
        self.director = self.person("Otávio Lins", "technical_director", council="CRM-SP 70011")
        self.analyst = self.person("Bruna Dias", "authorization_analyst")

    def person(self, name: str, *roles: Role, council: str | None = None) -> Caller:
        return self.identity.put(self.operator_id, name, *roles, council=council)

    def request(self, name: str = "Severino Lopes Damasceno", **changes: Any) -> RequestView:
        """A request of a new member."""
        member = self.members.put(self.operator_id, name)
        return self.prior_auth.put(self.operator_id, a_request(member.id, **changes))

    async def route(
        self,
        request: RequestView | None = None,
        *,
        queue: Queue = "medical",
        round_: int = 1,
        post_facto: bool = False,
        routes: tuple[str, ...] = ("BAI01",),
    ) -> CaseLine:
        """`prior_auth` routes a request, and its case opens."""
        request = request or self.request()
        await self.tell(
            RequestRouted(
                request_id=request.request_id,
                queue=queue,
                routes=routes,
                urgency=request.character,
                due_at=request.due_at,
                round=round_,
                post_facto=post_facto,
            )
        )
        await self.work()
        return await self.line_of(request.request_id)

    async def cancel(self, request_id: RequestId) -> None:
        await self.tell(RequestCancelled(request_id=request_id, reason="asked_by_member"))

    async def tell(self, *events: Event) -> None:
        prior_auth = self.platform.database.for_module("prior_auth")
        async with prior_auth.transaction(Caller.system(self.operator_id, "prior_auth")) as tx:
            await tx.publish(*events)

    async def work(self, *, without: str = "") -> None:
        """Handle all that is due; handlers named `without` are asleep."""
        awake = [handler for handler in self.handlers if not without or without not in handler.name]
        await drain(self.platform, awake)

    async def seal(self) -> None:
        """What happened is recorded by the ledger, and its checkpoint comes."""
        await self.work()
        self.clock.advance(timedelta(seconds=3))
        await self.work()

    async def line_of(self, request_id: RequestId) -> CaseLine:
        for view in ("all", "closed"):
            page = await self.audit.queue(self.physician, CaseFilter.model_validate({"view": view}), None, 100)
            found = [line for line in page.items if line.request_id == request_id]
            if found:
                return found[0]
        raise AssertionError("no case of that request is in the queue")

    async def queue(self, caller: Caller | None = None, **wanted: Any) -> list[CaseId]:
        """Ids in the order of the queue."""
        page = await self.audit.queue(caller or self.physician, CaseFilter.model_validate(wanted), None, 100)
        return [line.id for line in page.items]

    async def case(self, case_id: CaseId, caller: Caller | None = None) -> CaseView:
        return await self.audit.get(caller or self.physician, case_id)

    async def opine(self, case_id: CaseId, kind: OpinionKind, caller: Caller | None = None) -> None:
        """An opinion; one that diverges points to a page, as the form makes it."""
        pins = () if kind in {"favourable", "needs_information"} else (a_pin(),)
        await self.audit.write_opinion(caller or self.physician, case_id, an_opinion(kind, pins))

    async def talk(self, case_id: CaseId, at: datetime | None = None) -> None:
        await self.audit.add_contact(self.physician, case_id, a_contact(at or self.clock.now()))

    async def decide(
        self, case_id: CaseId, caller: Caller | None = None, key: str = "key-0001", **changes: Any
    ) -> Release:
        """Release a decision, on the newest version of the case; who does not undo it lets it go."""
        release = await self.press(case_id, caller, key, **changes)
        self.clock.advance(UNDO)
        return release

    async def press(
        self, case_id: CaseId, caller: Caller | None = None, key: str = "key-0001", **changes: Any
    ) -> Release:
        """Release a decision, which now waits."""
        version = (await self.case(case_id)).case.version
        asked = a_decision(case_id, version, **changes)
        return await self.audit.release(caller or self.physician, key, asked)

    async def decide_against(self, case_id: CaseId, **changes: Any) -> Release:
        """The whole way to a clinical denial."""
        await self.talk(case_id)
        await self.opine(case_id, "unfavourable")
        return await self.decide(case_id, self.director, **{**a_denial(), **changes})

    def refuse(self, error: AustaError | None) -> None:
        self.prior_auth.refuses_with = error


def an_opinion(kind: OpinionKind = "favourable", pins: tuple[EvidencePin, ...] = ()) -> OpinionAsked:
    return OpinionAsked(kind=kind, text=Personal("A indicação foi conferida nos documentos."), evidence=pins)


def a_pin() -> EvidencePin:
    return EvidencePin(document_id=DocumentId(new_id()), page=1)


def a_contact(at: datetime, **changes: Any) -> ContactAsked:
    fields: dict[str, Any] = {
        "with_whom": "requester",
        "channel": "phone",
        "at": at,
        "summary": Personal("Conversamos sobre a indicação."),
        "agreed": False,
    }
    return ContactAsked(**{**fields, **changes})


def a_decision(case_id: CaseId, version: int, **changes: Any) -> DecisionAsked:
    return DecisionAsked(**{"case_id": case_id, "outcome": "approve", "version": version, **changes})


def a_denial() -> dict[str, Any]:
    return {
        "outcome": "deny",
        "ground": "clinical",
        "text_to_member": LONG_TEXT,
        "reason_codes": ("3288",),
        "legal_basis": "RN ANS 465/2021, Anexo II, DUT 110",
    }


@pytest.fixture
def desk(platform: Platform, clock: SetClock, operator_id: OperatorId) -> Desk:
    prior_auth, members, providers, identity = Requests(), People(), FakeProviders(), FakeIdentity()
    ledger, of_ledger = ledger_module.build(platform)
    privacy, _ = privacy_module.build(platform)
    audit, of_audit = medical_audit_module.build(
        platform,
        prior_auth=cast(PriorAuth, prior_auth),
        clocks=prior_auth_module.build_clocks(platform, identity=cast(Identity, identity))[0],
        members=cast(Members, members),
        providers=cast(Providers, providers),
        privacy=privacy,
        ledger=ledger,
        identity=cast(Identity, identity),
    )
    handlers = deliver(platform, [*of_audit.handlers, *of_ledger.handlers])
    return Desk(
        audit, platform, clock, handlers, operator_id, prior_auth, members, providers, identity, privacy, ledger
    )
