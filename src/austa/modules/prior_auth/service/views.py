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
from austa.modules.prior_auth.api.clocks import AttendanceClock, InternalClock, LegalClock
from austa.modules.prior_auth.api.guides import GuideView
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
from austa.modules.prior_auth.domain.guides import holds, standings
from austa.modules.prior_auth.domain.lifecycle import OPEN, STATES, TRANSITIONS, WAITING
from austa.modules.prior_auth.domain.refusals import guide_would_end
from austa.modules.prior_auth.domain.replay import BY_SYSTEM
from austa.modules.prior_auth.domain.signals import SIGNALS, is_signal
from austa.modules.prior_auth.domain.wording import APPROVED, GUIDE_MEANWHILE, GUIDE_REPLACED, SIGNALS_TO_CHECK
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
    at: datetime


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
        tiss_status=tiss_status(row, [decision for decision, _ in whole.decisions], whole.at),
        kind=row.kind,
        channel=row.channel,
        character=asked.character,
        received_at=row.received_at,
        due_at=row.due_at,
        clock=clock_of(row),
        internal_clock=whole.internal_clock,
        attendance=attendance_of(row),
        path=row.path,
        queue=row.queue,
        items=tuple(_item(item) for item in whole.items),
        materials=asked.materials,
        cids=asked.cids,
        indication=asked.indication,
        requester=asked.requester,
        provider_id=ProviderId(row.provider_id) if row.provider_id else None,
        asking_provider_id=ProviderId(row.asking_provider_id) if row.asking_provider_id else None,
        checks=assessment.checks if assessment else (),
        rules=found.clinical_rules() if found else (),
        facts=found.facts.as_used() if found else (),
        missing=whole.pending.missing if whole.pending else (),
        answer_by=whole.pending.answer_by if whole.pending else None,
        proposal=assessment.proposal if assessment and row.state == "ADMIN_REVIEW" else None,
        documents=tuple(_document(paper) for paper in whole.papers),
        decisions=tuple(decision_view(decision, receipt) for decision, receipt in whole.decisions),
        guides=_guides(whole),
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


def view_performing(view: RequestView) -> RequestView:
    """For who performs the care and did not ask for it: what was authorized and its guide. What the member told the
    plan and why something was not approved is not theirs to know (LGPD, art. 6, III)."""
    decisions = tuple(one for one in view.decisions if one.guide)
    return view_outside(view).model_copy(
        update={
            "cids": (),
            "indication": None,
            "documents": (),
            "missing": (),
            "answer_by": None,
            "decisions": tuple(
                one.model_copy(
                    update={"member_text": APPROVED, "by": OPERATOR, "reason_codes": (), "legal_basis": None}
                )
                for one in decisions
            ),
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


def status_of(row: Row, missing: tuple[str, ...], decisions: Sequence[Row], at: datetime) -> RequestStatus:
    """What a member may be told, as of a moment."""
    guide = valid_guide(row, decisions, at)
    zone = ZoneInfo(row.zone)
    last = next((d.valid_until for d in reversed(decisions) if d.guide_number), None)
    told = [STATES[row.state].told.format(due=day_text(row.due_at, zone), until=f"{last:%d/%m/%Y}" if last else "")]
    if guide and row.state in OPEN:
        told.append(GUIDE_MEANWHILE.format(guide=guide.guide_number, until=f"{guide.valid_until:%d/%m/%Y}"))
    elif guide and guide.replaces_guide:
        told.append(GUIDE_REPLACED.format(guide=guide.guide_number, before=guide.replaces_guide))
    return RequestStatus(
        request_id=RequestId(row.id),
        protocol=row.protocol,
        state=row.state,
        tiss_status=tiss_status(row, decisions, at),
        text=" ".join(told),
        due_at=row.due_at,
        missing=missing if row.state in WAITING else (),
        guide_number=guide.guide_number if guide else None,
        valid_until=guide.valid_until if guide else None,
    )


def tiss_status(row: Row, decisions: Sequence[Row], at: datetime) -> int | None:
    """What may be performed now: a guide that holds says whether it was approved whole (1) or in part (7), also while
    the answer is looked at again."""
    if valid_guide(row, decisions, at) is None and row.state != "ISSUED":
        return STATES[row.state].tiss
    answers = [one.outcome for one in decisions if one.outcome != "request_information" and not one.post_facto]
    return STATES["PARTIALLY_APPROVED" if answers[-1:] == ["approve_in_part"] else "ISSUED"].tiss


def valid_guide(row: Row, decisions: Sequence[Row], at: datetime) -> Row | None:
    """The decision whose guide may be used at that moment."""
    last = next((one for one in reversed(decisions) if one.guide_number), None)
    if last is None or not holds(row.state, last.valid_until, local_date(at, ZoneInfo(row.zone))):
        return None
    return last


def keep_guide(row: Row, decisions: Sequence[Row], at: datetime) -> None:
    """Raises `Conflict` `prior_auth.guide_would_end` where a review is under way and a guide may be used meanwhile."""
    held = valid_guide(row, decisions, at) if row.state in OPEN else None
    if held is not None:
        raise guide_would_end(held.guide_number, held.valid_until)


def _guides(whole: Whole) -> tuple[GuideView, ...]:
    """Every guide of the request with where it stands, oldest first."""
    zone = ZoneInfo(whole.row.zone)
    issued = [(local_date(row.at, zone), guide) for row, receipt in whole.decisions if (guide := guide_of(receipt))]
    days = [(issued_on, guide.valid_until) for issued_on, guide in issued]
    after = [guide for _, guide in issued[1:]]
    return tuple(
        GuideView(
            number=guide.number,
            senha=guide.senha,
            issued_on=issued_on,
            valid_until=guide.valid_until,
            standing=standing,
            replaced_by=later.number if later else None,
            reason=later.replaces.reason if later and later.replaces else None,
        )
        for (issued_on, guide), standing, later in zip(
            issued, standings(whole.row.state, days, local_date(whole.at, zone)), [*after, None], strict=False
        )
    )


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


def attendance_of(row: Row) -> AttendanceClock | None:
    """None for what is no care, and for what older versions took."""
    if row.attend_by is None:
        return None
    return AttendanceClock(due_at=row.attend_by, business_days=row.attend_days, basis=row.attend_basis)


def _item(row: Row) -> ItemView:
    return ItemView(
        position=row.position,
        tuss=row.tuss,
        table=row.coding_table,
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
