"""The part of `prior_auth` that members reach: it takes requests and remembers them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from austa.kernel.actors import Caller
from austa.kernel.contracts import Page
from austa.kernel.errors import Invalid, NotFound, Unavailable
from austa.kernel.ids import RequestId, new_id
from austa.modules.prior_auth.api.requests import (
    AttachedDocument,
    AuthorizationAsked,
    IndicationFact,
    RequestFilter,
    RequestReceipt,
    RequestStatus,
    RequestSummary,
    State,
)

AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@dataclass
class FakePriorAuth:
    """Requests by key, in the order they came; `states` may be set by the test."""

    taken: dict[str, tuple[RequestId, AuthorizationAsked]] = field(default_factory=dict)
    calls: int = 0
    states: dict[RequestId, State] = field(default_factory=dict)
    added: list[tuple[RequestId, tuple[AttachedDocument, ...]]] = field(default_factory=list)
    refuses: bool = False
    away: bool = False

    @property
    def asked(self) -> list[AuthorizationAsked]:
        return [asked for _, asked in self.taken.values()]

    def protocol(self, request_id: RequestId) -> str:
        position = [taken for taken, _ in self.taken.values()].index(request_id)
        return f"00000020261121{position + 1:06d}"

    async def request(self, caller: Caller, key: str, asked: AuthorizationAsked) -> RequestReceipt:
        self.calls += 1
        if self.away:
            raise Unavailable("fake.away", "not now")
        if self.refuses:
            raise Invalid("prior_auth.file_missing", "refused by the test")
        created = key not in self.taken
        request_id, _ = self.taken.setdefault(key, (RequestId(new_id()), asked))
        self.states.setdefault(request_id, "RECEIVED")
        return RequestReceipt(
            request_id=request_id,
            protocol=self.protocol(request_id),
            state=self.states[request_id],
            received_at=AT,
            due_at=AT + timedelta(days=5),
            created=created,
        )

    async def get(self, caller: Caller, request_id: RequestId) -> Any:
        """Whose it is; the rest of a request is not read by members' channels."""
        found = next((asked for known, asked in self.taken.values() if known == request_id), None)
        if found is None:
            raise NotFound("prior_auth.no_such_request", "there is no such request")
        return SimpleNamespace(request_id=request_id, member_id=found.member_id)

    async def list(self, caller: Caller, filters: RequestFilter, cursor: str | None = None) -> Page[RequestSummary]:
        found = [
            RequestSummary(
                request_id=request_id,
                member_id=asked.member_id,
                protocol=self.protocol(request_id),
                kind="care",
                state=self.states[request_id],
                character="elective",
                first_tuss=asked.items[0].tuss,
                item_count=len(asked.items),
                received_at=AT,
                due_at=AT + timedelta(days=5),
                due_on=(AT + timedelta(days=5)).date(),
            )
            for request_id, asked in reversed(self.taken.values())
            if asked.member_id == filters.member_id
            and self.states[request_id] in (filters.states or self.states.values())
        ]
        return Page(items=tuple(found))

    async def status(self, caller: Caller, request_id: RequestId) -> RequestStatus:
        if request_id not in self.states:
            raise NotFound("prior_auth.no_such_request", "no such request")
        return RequestStatus(
            request_id=request_id,
            protocol=self.protocol(request_id),
            state=self.states[request_id],
            tiss_status=2,
            text="Seu pedido está com a equipe. A resposta sai até 28/11/2026.",
            due_at=AT + timedelta(days=5),
            missing=(),
            guide_number=None,
            valid_until=None,
        )

    async def add_documents(
        self,
        caller: Caller,
        request_id: RequestId,
        documents: tuple[AttachedDocument, ...],
        facts: tuple[IndicationFact, ...] = (),
    ) -> RequestStatus:
        self.added.append((request_id, documents))
        self.states[request_id] = "RULES_EVALUATION"
        return await self.status(caller, request_id)
