"""Stand-ins for the two doors that a case rests on: requests put in as they lie in audit, and their members.

Decisions are kept, or refused, as a test tells.
"""

from datetime import UTC, date, datetime
from typing import Any

from austa.kernel.actors import Caller
from austa.kernel.contracts import Page
from austa.kernel.errors import AustaError, Conflict, Invalid, NotFound
from austa.kernel.ids import (
    ContractId,
    DecisionId,
    MemberId,
    OperatorId,
    PrincipalId,
    RequestId,
    SubjectId,
    derived_id,
    new_id,
)
from austa.kernel.money import Money
from austa.kernel.personal import Personal, initials
from austa.modules.members.api import Member, MemberSummary, no_such_member
from austa.modules.prior_auth.api.clocks import InternalClock, LegalClock
from austa.modules.prior_auth.api.requests import (
    DecisionRecord,
    HistoryEntry,
    ItemView,
    ReleasedDecision,
    Requester,
    RequestView,
    RuleFired,
    State,
)

ASKED_AT = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)
DUE_AT = datetime(2026, 12, 3, 2, 59, 59, tzinfo=UTC)

STATE_AFTER: dict[str, State] = {
    "approve": "ISSUED",
    "approve_in_part": "ISSUED",
    "deny": "DENIED",
    "administrative_return": "DENIED",
    "request_information": "PENDING_JUSTIFICATION",
}


def a_request(member_id: MemberId | None = None, **changes: Any) -> RequestView:
    """A knee MRI that came by WhatsApp and waits for a physician."""
    due_at = changes.get("due_at", DUE_AT)
    fields: dict[str, Any] = {
        "request_id": RequestId(new_id()),
        "member_id": member_id or MemberId(new_id()),
        "protocol": f"345678{new_id().int % 10**14:014d}",
        "version": 5,
        "state": "IN_MEDICAL_AUDIT",
        "tiss_status": 2,
        "kind": "care",
        "channel": "whatsapp",
        "character": "elective",
        "received_at": ASKED_AT,
        "due_at": due_at,
        "clock": LegalClock(
            service_class="high_complexity",
            asked_at=ASKED_AT,
            due_at=due_at,
            business_days=10,
            calendar_id="BR",
            zone="America/Sao_Paulo",
            basis="10 dias úteis: o menor entre RN ANS 623/2024 e RN ANS 566/2022",
        ),
        "internal_clock": InternalClock(with_us_days=1, awaited_days=0, waiting=False),
        "path": "AUDIT",
        "queue": "medical",
        "items": (an_item(),),
        "materials": (),
        "cids": (Personal("M23.2"),),
        "indication": Personal("Dor e bloqueio há 8 semanas."),
        "requester": Requester(name=Personal("Paulo Teixeira"), council="CRM", uf="SP", number="98412"),
        "provider_id": None,
        "checks": (),
        "rules": (a_rule("BAI01", "route", "Item fora da lista de baixo risco: um médico confere."),),
        "facts": (),
        "missing": (),
        "answer_by": None,
        "proposal": None,
        "documents": (),
        "decisions": (),
        "guides": (),
        "attendance": None,
        "asking_provider_id": None,
        "history": (
            HistoryEntry(
                sequence=1,
                at=ASKED_AT,
                actor="system:prior_auth",
                transition="route_medical",
                state="IN_MEDICAL_AUDIT",
                text="Encaminhado para auditoria médica",
            ),
        ),
    }
    return RequestView(**{**fields, **changes})


def an_item(position: int = 0, tuss: str = "41101316", quantity: int = 1, reais: int = 980) -> ItemView:
    return ItemView(
        position=position,
        tuss=tuss,
        table="22",
        description="RM articular (joelho direito)",
        quantity=quantity,
        laterality="right",
        amount=Money.of(reais),
        service_class="high_complexity",
        high_complexity=True,
    )


def a_rule(rule: str, effect: str, text: str) -> RuleFired:
    return RuleFired.model_validate({"id": rule, "version": "2026.11.1", "effect": effect, "text": text})


class Requests:
    """`PriorAuth`, as far as `medical_audit` asks."""

    def __init__(self) -> None:
        self.views: dict[tuple[OperatorId, RequestId], RequestView] = {}
        self.decided: dict[str, ReleasedDecision] = {}
        self.forwarded: list[tuple[RequestId, int, PrincipalId]] = []
        self.refuses_with: AustaError | None = None

    def put(self, operator_id: OperatorId, request: RequestView) -> RequestView:
        self.views[operator_id, request.request_id] = request
        return request

    async def get(self, caller: Caller, request_id: RequestId) -> RequestView:
        found = self.views.get((caller.operator_id, request_id))
        if found is None:
            raise NotFound("prior_auth.no_such_request", "no request with this id for this caller")
        return found

    async def forward(self, caller: Caller, request_id: RequestId, round_: int, by: PrincipalId) -> None:
        if self.refuses_with is not None:
            raise self.refuses_with
        self.forwarded.append((request_id, round_, by))
        request = await self.get(caller, request_id)
        self.put(caller.operator_id, request.model_copy(update={"state": "IN_MEDICAL_AUDIT"}))

    async def decide(self, caller: Caller, key: str, decision: ReleasedDecision) -> DecisionRecord:
        if self.refuses_with is not None:
            raise self.refuses_with
        kept = self.decided.setdefault(key, decision)
        if (kept.request_id, kept.outcome) != (decision.request_id, decision.outcome):
            raise Conflict("prior_auth.key_reused", "the same key came with another content before")
        request = await self.get(caller, decision.request_id)
        state = STATE_AFTER[decision.outcome]
        self.put(caller.operator_id, request.model_copy(update={"state": state, "version": request.version + 1}))
        return DecisionRecord(
            decision_id=kept.decision_id or DecisionId(new_id()),
            request_id=kept.request_id,
            outcome=kept.outcome,
            by=str(kept.released_by),
            at=kept.released_at,
            state=state,
            guide=None,
            digest="0" * 64,
        )


class People:
    """`Members`, as far as `medical_audit` asks."""

    def __init__(self) -> None:
        self._known: dict[tuple[OperatorId, MemberId], Member] = {}

    def put(self, operator_id: OperatorId, name: str, card: str = "00345678120004104") -> Member:
        member_id = MemberId(new_id())
        member = Member(
            id=member_id,
            name=Personal(name),
            birth_date=date(1980, 3, 9),
            sex="M",
            cpf=None,
            cns=None,
            card_number=Personal(card),
            card_end=card[-4:],
            relation="holder",
            holder_id=None,
            guardian_id=None,
            contract_id=ContractId(new_id()),
            plan_name="Plano Demonstração",
            contract_started_on=date(2021, 2, 1),
            phones=(),
            emails=(),
            is_synthetic=True,
        )
        self._known[operator_id, member_id] = member
        return member

    async def get(self, caller: Caller, member_id: MemberId) -> Member:
        found = self._known.get((caller.operator_id, member_id))
        if found is None:
            raise no_such_member()
        return found

    async def summaries(self, caller: Caller, member_ids: tuple[MemberId, ...]) -> dict[MemberId, MemberSummary]:
        found = [self._known.get((caller.operator_id, member_id)) for member_id in member_ids]
        return {member.id: _summary(member) for member in found if member}

    async def search(self, caller: Caller, words: str, cursor: str | None, limit: int) -> Page[MemberSummary]:
        if not words.strip(" %-"):
            raise Invalid("members.search_empty", "say a card number, a CPF, a telephone or parts of a name")
        found = [
            _summary(member)
            for (operator_id, _), member in self._known.items()
            if operator_id == caller.operator_id and words.lower() in member.name.reveal().lower()
        ]
        return Page(items=tuple(found[:limit]))

    async def subject(self, caller: Caller, member_id: MemberId) -> SubjectId:
        return SubjectId(derived_id("subject", (await self.get(caller, member_id)).id))


def _summary(member: Member) -> MemberSummary:
    return MemberSummary(id=member.id, initials=initials(member.name.reveal()), card_end=member.card_end)
