"""Rows become the contracts that callers see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json import dumps
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.kernel.clock import local_date
from austa.kernel.ids import DecisionId, DocumentId, MemberId, ProviderId, RequestId
from austa.kernel.money import Money
from austa.modules.fraud.api import Screening
from austa.modules.prior_auth.api.clocks import InternalClock, LegalClock
from austa.modules.prior_auth.api.requests import (
    AuthorizationAsked,
    DecisionRecord,
    DecisionView,
    DocumentView,
    HistoryEntry,
    ItemView,
    RequestReceipt,
    RequestStatus,
    RequestSummary,
    RequestView,
    RuleFired,
)
from austa.modules.prior_auth.domain.assessment import Assessment
from austa.modules.prior_auth.domain.facts import Facts
from austa.modules.prior_auth.domain.lifecycle import STATES, TRANSITIONS, WAITING
from austa.modules.prior_auth.domain.replay import BY_SYSTEM
from austa.modules.prior_auth.domain.signals import SIGNALS, is_signal
from austa.modules.prior_auth.domain.wording import SIGNALS_TO_CHECK
from austa.modules.prior_auth.service.asks import PendingAsk
from austa.modules.prior_auth.service.registrar import guide_of

Row = sa.Row[Any]
RECEIVED_TEXT = "Pedido recebido"
OPERATOR, ASKER = "operator", "asker"
"""Who acted, as told outside: no person's id."""
BY_THE_ASKER = frozenset({"receive", "receive_answer", "cancel"})
OF_THE_OPERATOR = frozenset(
    {
        "approve_urgent",
        "approve_by_rule",
        "ask_documents",
        "ask_justification",
        "release_approval",
        "release_part",
        "release_denial",
        "issue",
        "expire",
        "close",
    }
)
TOLD_OUTSIDE = BY_THE_ASKER | OF_THE_OPERATOR


@dataclass(frozen=True)
class Considered:
    """A kept assessment: the facts, the signals beside them, and what came of both. Without a screening it is older
    than `fraud`, and its rules hold the signals."""

    facts: Facts
    assessment: Assessment
    screening: Screening | None = None

    @staticmethod
    def read(content: Mapping[str, Any]) -> "Considered":
        signals = content.get("signals")
        return Considered(
            Facts.read(dumps(content["facts"])),
            Assessment.read(dumps(content["assessment"])),
            Screening.read(dumps(signals)) if signals else None,
        )

    def content(self, code: str) -> dict[str, Any]:
        """`code`: the digest of the rule code that assessed."""
        return {
            "facts": self.facts.reveal_json(),
            "signals": self.screening.reveal_json() if self.screening else None,
            "assessment": self.assessment.reveal_json(),
            "code": code,
        }

    def clinical_rules(self) -> tuple[RuleFired, ...]:
        """The rules for everybody's eyes. Signals are shown by `fraud`, to whoever may see them; here one line says
        that there are some."""
        rules = self.assessment.rules
        if self.screening is None:
            return rules
        open_to_all = tuple(rule for rule in rules if not is_signal(rule.id))
        called = [rule for rule in rules if is_signal(rule.id) and rule.effect == "route"]
        hint = RuleFired(id=SIGNALS, version=self.screening.rules_version, effect="route", text=SIGNALS_TO_CHECK)
        return (hint, *open_to_all) if called else open_to_all


@dataclass(frozen=True)
class Whole:
    """All that is kept of one request, opened."""

    row: Row
    asked: AuthorizationAsked
    items: Sequence[Row]
    papers: Sequence[Row]
    changes: Sequence[Row]
    considered: Considered | None
    pending: PendingAsk | None
    decisions: Sequence[tuple[Row, Mapping[str, Any]]]
    internal_clock: InternalClock


def receipt_of(row: Row) -> RequestReceipt:
    """Of a request that the same key had brought before."""
    return RequestReceipt(
        request_id=RequestId(row.id),
        protocol=row.protocol,
        state=row.state,
        received_at=row.received_at,
        due_at=row.due_at,
        created=False,
    )


def view_of(whole: Whole) -> RequestView:
    """The case page's view."""
    row, asked, found = whole.row, whole.asked, whole.considered
    assessment = found.assessment if found else None
    return RequestView(
        request_id=RequestId(row.id),
        member_id=MemberId(row.member_id),
        protocol=row.protocol,
        version=row.version,
        state=row.state,
        tiss_status=tiss_status(row, [decision for decision, _ in whole.decisions]),
        kind=row.kind,
        channel=row.channel,
        character=asked.character,
        received_at=row.received_at,
        due_at=row.due_at,
        clock=clock_of(row),
        internal_clock=whole.internal_clock,
        path=row.path,
        queue=row.queue,
        items=tuple(_item(item) for item in whole.items),
        materials=asked.materials,
        cids=asked.cids,
        indication=asked.indication,
        requester=asked.requester,
        provider_id=ProviderId(row.provider_id) if row.provider_id else None,
        checks=assessment.checks if assessment else (),
        rules=found.clinical_rules() if found else (),
        facts=found.facts.as_used() if found else (),
        missing=whole.pending.missing if whole.pending else (),
        answer_by=whole.pending.answer_by if whole.pending else None,
        proposal=assessment.proposal if assessment and row.state == "ADMIN_REVIEW" else None,
        documents=tuple(_document(paper) for paper in whole.papers),
        decisions=tuple(decision_view(decision, receipt) for decision, receipt in whole.decisions),
        history=tuple(_entry(change) for change in whole.changes),
        reopened=row.reopened,
    )


def view_outside(view: RequestView) -> RequestView:
    """The same for who does not work here: without what was checked, found and proposed, who did it, and by which
    ways it went. A fraud signal shows in rules and queue, and must not show here."""
    return view.model_copy(
        update={
            "path": None,
            "queue": None,
            "checks": (),
            "rules": (),
            "facts": (),
            "proposal": None,
            "decisions": tuple(
                decision.model_copy(update={"by": decision.by if decision.by == BY_SYSTEM else OPERATOR})
                for decision in view.decisions
            ),
            "history": history_outside(view.history),
        }
    )


def history_outside(history: tuple[HistoryEntry, ...]) -> tuple[HistoryEntry, ...]:
    """What the asker did and was told, in order: steps of the operator that are no answer are left out."""
    told = [entry for entry in history if entry.transition in TOLD_OUTSIDE]
    return tuple(
        entry.model_copy(update={"actor": OPERATOR if entry.transition in OF_THE_OPERATOR else ASKER}) for entry in told
    )


def summary_of(row: Row) -> RequestSummary:
    return RequestSummary(
        request_id=RequestId(row.id),
        member_id=MemberId(row.member_id),
        protocol=row.protocol,
        kind=row.kind,
        state=row.state,
        character="urgent" if row.urgent else "elective",
        first_tuss=row.first_tuss,
        item_count=row.item_count,
        received_at=row.received_at,
        due_at=row.due_at,
        due_on=local_date(row.due_at, ZoneInfo(row.zone)),
    )


def status_of(row: Row, missing: tuple[str, ...], decisions: Sequence[Row]) -> RequestStatus:
    """What a member may be told."""
    guide = next((d for d in reversed(decisions) if d.guide_number), None)
    until = guide.valid_until if guide else None
    zone = ZoneInfo(row.zone)
    return RequestStatus(
        request_id=RequestId(row.id),
        protocol=row.protocol,
        state=row.state,
        tiss_status=tiss_status(row, decisions),
        text=STATES[row.state].told.format(due=day_text(row.due_at, zone), until=f"{until:%d/%m/%Y}" if until else ""),
        due_at=row.due_at,
        missing=missing if row.state in WAITING else (),
        guide_number=guide.guide_number if guide and row.state == "ISSUED" else None,
        valid_until=until if row.state == "ISSUED" else None,
    )


def tiss_status(row: Row, decisions: Sequence[Row]) -> int | None:
    """An issued guide keeps saying whether it was approved whole (1) or in part (7)."""
    if row.state == "ISSUED" and any(decision.outcome == "approve_in_part" for decision in decisions):
        return STATES["PARTIALLY_APPROVED"].tiss
    return STATES[row.state].tiss


def decision_view(row: Row, receipt: Mapping[str, Any]) -> DecisionView:
    decision = receipt["decision"]
    return DecisionView(
        decision_id=DecisionId(row.id),
        outcome=row.outcome,
        ground=row.ground,
        by=row.decided_by,
        at=row.at,
        reason_codes=tuple(decision["reason_codes"]),
        legal_basis=decision["legal_basis"],
        member_text=decision["member_text"],
        guide=guide_of(receipt),
        digest=row.digest,
    )


def record_of(row: Row, receipt: Mapping[str, Any]) -> DecisionRecord:
    """A kept decision, as `decide` answered it."""
    return DecisionRecord(
        decision_id=DecisionId(row.id),
        request_id=RequestId(row.request_id),
        outcome=row.outcome,
        by=row.decided_by,
        at=row.at,
        state=row.state,
        guide=guide_of(receipt),
        digest=row.digest,
    )


def day_text(at: datetime, zone: ZoneInfo) -> str:
    """As members read dates: 30/11/2026."""
    day: date = local_date(at, zone)
    return f"{day:%d/%m/%Y}"


def clock_of(row: Row) -> LegalClock:
    return LegalClock(
        service_class=row.service_class,
        asked_at=row.asked_at,
        due_at=row.due_at,
        business_days=row.business_days,
        calendar_id=row.calendar_id,
        zone=row.zone,
        basis=row.clock_basis,
    )


def _item(row: Row) -> ItemView:
    return ItemView(
        position=row.position,
        tuss=row.tuss,
        description=row.description,
        quantity=row.quantity,
        laterality=row.laterality,
        amount=None if row.amount_centavos is None else Money(centavos=row.amount_centavos),
        service_class=row.service_class,
        high_complexity=row.high_complexity,
        approved_quantity=row.approved_quantity,
    )


def _document(row: Row) -> DocumentView:
    document_id = DocumentId(row.document_id) if row.document_id else None
    return DocumentView(kind=row.kind, document_id=document_id, added_at=row.added_at)


def _entry(row: Row) -> HistoryEntry:
    transition = TRANSITIONS.get(row.transition)
    return HistoryEntry(
        sequence=row.sequence,
        at=row.at,
        actor=row.actor,
        transition=row.transition,
        state=row.to_state,
        text=transition.text if transition else RECEIVED_TEXT,
    )
