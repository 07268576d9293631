"""Rows become what the screens show."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.pages import decode_cursor, encode_cursor
from austa.kernel.errors import Invalid
from austa.kernel.ids import CaseId, DecisionId, MemberId, RequestId
from austa.kernel.personal import Personal
from austa.modules.medical_audit import store
from austa.modules.medical_audit.api.boards import ListedBoard
from austa.modules.medical_audit.api.cases import (
    CaseLine,
    Contact,
    DecisionAsked,
    LastEvent,
    Opinion,
    Release,
    ReleaseState,
    RouteReason,
    TimelineEntry,
)
from austa.modules.medical_audit.domain.reasons import reasons_of
from austa.modules.medical_audit.domain.term import AFTER_CARE, Today, place_of, time_left
from austa.modules.medical_audit.service.people import UNKNOWN, People
from austa.modules.medical_audit.service.sealed import SealedTexts
from austa.modules.members.api import MemberSummary
from austa.modules.prior_auth.api.boards import BoardLine
from austa.modules.prior_auth.api.requests import HistoryEntry, Outcome, Queue, RequestView

Row = sa.Row[Any]

OPINION_WORDS = {
    "favourable": "favorável",
    "favourable_in_part": "favorável em parte",
    "needs_information": "faltam informações",
    "unfavourable": "desfavorável",
}
OUTCOME_WORDS: dict[Outcome, str] = {
    "approve": "autorizar",
    "approve_in_part": "autorizar em parte",
    "deny": "negar",
    "request_information": "pedir informações",
    "administrative_return": "devolver por motivo administrativo",
}


def case_values(
    request: RequestView, queue: Queue, routes: Sequence[str], round_: int, *, post_facto: bool
) -> dict[str, Any]:
    """The columns of a case that come from its request, as it was when it was routed."""
    first = request.items[0]
    amounts = [item.amount.centavos for item in request.items if item.amount is not None]
    reasons = reasons_of(routes, request.rules, otherwise=request.history[-1].text if request.history else "")
    return {
        "request_id": request.request_id,
        "protocol": request.protocol,
        "member_id": request.member_id,
        "queue": queue,
        "place": place_of(request.character, post_facto=post_facto),
        "route_reasons": [reason.model_dump() for reason in reasons],
        "tuss": first.tuss,
        "procedure": first.description,
        "more_items": len(request.items) - 1,
        "amount_centavos": sum(amounts) if amounts else None,
        "round": round_,
        "received_at": request.received_at,
        "due_at": request.due_at,
    }


def line_of(row: Row, members: Mapping[MemberId, MemberSummary], people: People, today: Today) -> CaseLine:
    left = time_left(row.due_at, today, place=row.place, queue=row.queue, closed_at=row.closed_at)
    member_id = MemberId(row.member_id)
    return CaseLine(
        id=CaseId(row.id),
        number=row.number,
        request_id=RequestId(row.request_id),
        protocol=row.protocol,
        urgency=left.urgency,
        state=row.state,
        queue=row.queue,
        post_facto=row.place == AFTER_CARE,
        route_reasons=tuple(RouteReason(**reason) for reason in row.route_reasons),
        member=members.get(member_id, _unknown(member_id)),
        tuss=row.tuss,
        procedure=row.procedure,
        more_items=row.more_items,
        amount_centavos=row.amount_centavos,
        received_at=row.received_at,
        due_at=row.due_at,
        business_days_left=left.business_days,
        overdue=left.overdue,
        assigned_to=people.name(row.assigned_to) if row.assigned_to else None,
        last_event=LastEvent(type=row.last_event, at=row.last_event_at),
        version=row.version,
    )


def listed_board(line: BoardLine, case: Row, members: Mapping[MemberId, MemberSummary]) -> ListedBoard:
    return ListedBoard(
        board=line,
        case_number=case.number,
        member=members.get(line.member_id, _unknown(line.member_id)),
        tuss=case.tuss,
        procedure=case.procedure,
    )


def _unknown(member_id: MemberId) -> MemberSummary:
    return MemberSummary(id=member_id, initials=UNKNOWN.reveal(), card_end=UNKNOWN.reveal())


async def opinion_of(row: Row, texts: SealedTexts, people: People) -> Opinion:
    written = await texts.open_opinion(row.id, row.body)
    return Opinion(
        id=row.id,
        author=people.name(row.author_id),
        council=people.council(row.author_id),
        kind=written.kind,
        text=written.text,
        evidence=written.evidence,
        created_at=row.created_at,
    )


async def contact_of(row: Row, texts: SealedTexts, people: People) -> Contact:
    return Contact(
        id=row.id,
        with_whom=row.with_whom,
        channel=row.channel,
        at=row.at,
        summary=await texts.open_summary(row.id, row.summary),
        agreed=row.agreed,
        made_by=people.name(row.made_by),
    )


def release_of(row: Row, asked: DecisionAsked, people: People, now: datetime, *, sealed: bool) -> Release:
    state: ReleaseState = "sealed" if sealed else row.state
    left = max(0, ceil((row.waits_until - now).total_seconds())) if state == "releasing" else None
    return Release(
        id=DecisionId(row.id),
        outcome=asked.outcome,
        ground=asked.ground,
        text_to_member=asked.text_to_member,
        reason_codes=asked.reason_codes,
        legal_basis=asked.legal_basis,
        missing=asked.missing,
        released_by=people.name(row.released_by),
        released_at=row.released_at,
        state=state,
        undo_seconds=left,
        refusal=row.refusal,
        lacking=tuple(row.lacking),
    )


def timeline_of(
    history: Iterable[HistoryEntry], events: Iterable[Row], people: People, reasons: Mapping[UUID, Personal]
) -> tuple[TimelineEntry, ...]:
    """What happened to the request and to its case, oldest first; `reasons` are by the id of their event."""
    entries = [_entry(h.at, h.transition, h.text, people.actor(h.actor)) for h in history]
    for event in events:
        text = f"{event.text}: {reasons[event.id].reveal()}" if event.id in reasons else event.text
        entries.append(_entry(event.at, event.type, text, people.actor(event.actor)))
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _entry(at: datetime, kind: str, text: str, actor: Personal) -> TimelineEntry:
    return TimelineEntry(at=at, type=kind, text=Personal(text), actor=actor)


def cursor_after(row: Row) -> str:
    """The place of a line in its list."""
    return encode_cursor(row.place, (row.closed_at or row.due_at).isoformat(), row.id)


def after(cursor: str | None) -> store.After | None:
    """Where a page begins. Raises `Invalid` `pages.cursor`."""
    if cursor is None:
        return None
    place, at, case_id = decode_cursor(cursor, 3)
    try:
        return store.After(int(place), datetime.fromisoformat(at), UUID(case_id))
    except ValueError:
        raise Invalid("pages.cursor", "this cursor is not one of ours") from None
