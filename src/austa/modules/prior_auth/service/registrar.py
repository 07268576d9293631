"""Keeps decisions: the receipt, the guide with its senha, the event that the ledger commits to."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.actors import Role
from austa.kernel.clock import local_date
from austa.kernel.ids import CaseId, DecisionId, RequestId
from austa.kernel.personal import Personal
from austa.modules.prior_auth.api.guides import Guide, ReplacedGuide
from austa.modules.prior_auth.api.requests import DecisionRecord, Ground, Outcome, ReleasedDecision
from austa.modules.prior_auth.domain.authority import Releaser
from austa.modules.prior_auth.domain.clocks import end_of_day
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.facts import Facts
from austa.modules.prior_auth.domain.guides import HeldGuide, Quantities, guide_step, holds
from austa.modules.prior_auth.domain.numbers import guide_number, senha_from
from austa.modules.prior_auth.domain.people import PersonConcerned
from austa.modules.prior_auth.domain.receipt import FORMAT
from austa.modules.prior_auth.domain.replay import legal_basis_by_rule
from austa.modules.prior_auth.domain.tables import TableUsed
from austa.modules.prior_auth.events import AttendanceNearing, GuideValidityEnded, RequestDecided
from austa.modules.prior_auth.service.receipt_book import ReceiptBook
from austa.modules.prior_auth.service.rulebook import Rulebook
from austa.modules.prior_auth.service.walk import Walk
from austa.modules.prior_auth.store import requests as store

NOTHING: Quantities = MappingProxyType({})


@dataclass(frozen=True)
class Verdict:
    """What was decided, by whom, with which words. `released` is what the person sent, where it was a person."""

    decision_id: DecisionId
    key: str
    outcome: Outcome
    by: str
    member_text: str
    released: ReleasedDecision | None = None
    releaser: Releaser | None = None
    """With the roles that counted: the registration and the power of who released it."""
    roles: frozenset[Role] = frozenset()
    post_facto: bool = False
    authority: TableUsed | None = None
    """The authority matrix that permitted it."""
    board: Mapping[str, Any] | None = None
    """The medical board before it, where there was one."""

    @property
    def ground(self) -> Ground | None:
        return self.released.ground if self.released else None

    @property
    def case_id(self) -> CaseId | None:
        return self.released.case_id if self.released else None


class Registrar:
    """Writes decisions; the request's row is locked and walked by the caller."""

    def __init__(self, book: ReceiptBook, rulebook: Rulebook) -> None:
        self._book = book
        self._rulebook = rulebook

    async def authorize(
        self,
        tx: Transaction,
        row: sa.Row[Any],
        walk: Walk,
        pack: CoveragePack,
        outcome: Outcome,
        named: Quantities = NOTHING,
    ) -> tuple[Guide | None, HeldGuide | None]:
        """Write down what a conclusive decision approves of each line, and give it its guide: a new one, or the one
        that holds and allows the same. `named`: the quantities of lines that are not approved whole.

        Raises `Invalid` `prior_auth.guide_still_valid`.
        """
        last = await self._last_guide(tx, row)
        held = await self._held(tx, row, last, walk)
        step = guide_step(held, outcome, named)
        if row.reopened or named:
            await store.approve_quantities(tx, RequestId(row.id), named)
        if "issue" not in walk.steps:
            return None, None
        if held is None or last is None or step == "issue":
            return await self._issue_guide(tx, row, walk.at, pack, last), None
        # The timer may have come while the answer was looked at again, and found nothing to end.
        await _wait(tx, row, DecisionId(last.id), held.valid_until)
        return None, held

    async def _issue_guide(
        self, tx: Transaction, row: sa.Row[Any], at: datetime, pack: CoveragePack, last: sa.Row[Any] | None
    ) -> Guide:
        """A guide number without gaps, a senha nobody can guess, and its last day, for an approval of that instant. It
        takes the place of the last one."""
        today = self._today(row, at)
        number = await store.next_number(tx, f"guide:{today.year}")
        days = pack.guide_validity_days[row.service_class].value
        replaced = last and ReplacedGuide(number=last.guide_number, valid_until=last.valid_until, reason=row.reopened)
        return Guide(
            number=guide_number(today.year, number),
            senha=Personal(senha_from(secrets.token_bytes(32))),
            valid_until=today + timedelta(days=days),
            replaces=replaced,
        )

    async def _held(self, tx: Transaction, row: sa.Row[Any], last: sa.Row[Any] | None, walk: Walk) -> HeldGuide | None:
        if last is None or not holds(walk.started_in, last.valid_until, self._today(row, walk.at)):
            return None
        items = await store.list_items(tx, RequestId(row.id))
        asked = {item.position: item.quantity for item in items}
        reduced = {item.position: item.approved_quantity for item in items if item.approved_quantity is not None}
        return HeldGuide(last.guide_number, last.valid_until, asked, {**asked, **reduced})

    @staticmethod
    async def _last_guide(tx: Transaction, row: sa.Row[Any]) -> sa.Row[Any] | None:
        """Only what was answered before can have one."""
        if row.reopened is None:
            return None
        decisions = await store.list_decisions(tx, RequestId(row.id))
        return next((one for one in reversed(decisions) if one.guide_number), None)

    async def keep(
        self,
        tx: Transaction,
        row: sa.Row[Any],
        walk: Walk,
        verdict: Verdict,
        considered: Mapping[str, Any],
        guide: Guide | None,
        people: Sequence[PersonConcerned],
        pack: CoveragePack,
        kept_guide: HeldGuide | None = None,
    ) -> DecisionRecord:
        """Write the decision with its receipt and tell the house. `considered`: the assessment's facts and findings;
        `people`: whom the decision is about; `pack`: the coverage pack in force; `kept_guide` goes on as it is."""
        items = await store.list_items(tx, RequestId(row.id))
        document = self._document(row, walk, verdict, considered, guide, people, items, pack)
        if kept_guide:
            kept = {"number": kept_guide.number, "valid_until": kept_guide.valid_until.isoformat()}
            document["kept_guide"] = kept
        digest, sealed = await self._book.seal(tx, verdict.decision_id, document, people)
        await store.insert_decision(
            tx,
            {
                "id": verdict.decision_id,
                "key": verdict.key,
                "request_id": row.id,
                "case_id": verdict.case_id,
                "outcome": verdict.outcome,
                "ground": verdict.ground,
                "decided_by": verdict.by,
                "at": walk.at,
                "state": walk.state,
                "digest": digest,
                "rules_version": pack.version,
                "post_facto": verdict.post_facto,
                "guide_number": guide.number if guide else None,
                "valid_until": guide.valid_until if guide else None,
                "replaces_guide": guide.replaces.number if guide and guide.replaces else None,
                **sealed,
            },
        )
        await self._tell(tx, row, verdict, digest, guide, pack)
        return DecisionRecord(
            decision_id=verdict.decision_id,
            request_id=RequestId(row.id),
            outcome=verdict.outcome,
            by=verdict.by,
            at=walk.at,
            state=walk.state,
            guide=guide,
            digest=digest,
        )

    async def _tell(
        self, tx: Transaction, row: sa.Row[Any], verdict: Verdict, digest: str, guide: Guide | None, pack: CoveragePack
    ) -> None:
        if verdict.outcome == "request_information":
            return
        await tx.publish(
            RequestDecided(
                request_id=RequestId(row.id),
                decision_id=verdict.decision_id,
                case_id=verdict.case_id,
                outcome=verdict.outcome,
                by=verdict.by,
                digest=digest,
                rules_version=pack.version,
                post_facto=verdict.post_facto,
                was_routed=row.round > 0,
            )
        )
        if guide:
            await _wait(tx, row, verdict.decision_id, guide.valid_until)

    def _document(
        self,
        row: sa.Row[Any],
        walk: Walk,
        verdict: Verdict,
        considered: Mapping[str, Any],
        guide: Guide | None,
        people: Sequence[PersonConcerned],
        items: Sequence[sa.Row[Any]],
        pack: CoveragePack,
    ) -> dict[str, Any]:
        """All that the decision rests on; cut up and signed by the receipt book."""
        assessment = considered.get("assessment")
        return {
            "format": FORMAT,
            "operator": str(row.operator_id),
            "request": {
                "id": str(row.id),
                "protocol": row.protocol,
                "kind": row.kind,
                "urgent": row.urgent,
                "court_ordered": row.court_ordered,
                "service_class": row.service_class,
                "asked_at": row.asked_at.isoformat(),
                "due_at": row.due_at.isoformat(),
                "clock_basis": row.clock_basis,
                "calendar": row.calendar_id,
                "zone": row.zone,
            },
            "persons": {person.role: person.fields for person in people},
            "facts": considered.get("facts"),
            "signals": considered.get("signals"),
            "assessment": assessment,
            "rules": {
                "assessment": {
                    "version": assessment["pack_version"],
                    "digest": assessment["pack_digest"],
                    "code": considered.get("code"),
                    "tables": assessment.get("tables", []),
                }
                if assessment
                else None,
                "decision": {
                    "version": pack.version,
                    "digest": pack.digest,
                    "code": self._rulebook.code,
                    "tables": [verdict.authority.reveal_json()] if verdict.authority else [],
                },
            },
            "models": [],
            "board": verdict.board,
            "decision": {
                **_decided(verdict),
                "at": walk.at.isoformat(),
                "from_state": walk.started_in,
                "steps": list(walk.steps),
                "state": walk.state,
                "legal_basis": _legal_basis(verdict, considered, pack),
                "items": [_item(verdict, line) for line in items],
            },
            "guide": {**guide.reveal_json(), "issued_on": self._today(row, walk.at).isoformat()} if guide else None,
        }

    @staticmethod
    def _today(row: sa.Row[Any], now: datetime) -> date:
        return local_date(now, ZoneInfo(row.zone))


async def await_end(tx: Transaction, row: sa.Row[Any], decision_id: DecisionId, valid_until: date) -> None:
    """Wait for the last day of a guide."""
    await tx.publish(
        GuideValidityEnded(request_id=RequestId(row.id), decision_id=decision_id), not_before=_end(row, valid_until)
    )


async def _wait(tx: Transaction, row: sa.Row[Any], decision_id: DecisionId, valid_until: date) -> None:
    """One timer a guide: where the attendance term nears first, it is looked at on the way to the last day."""
    if row.attend_watch_at is None or row.attend_watch_at >= _end(row, valid_until):
        await await_end(tx, row, decision_id, valid_until)
        return
    await tx.publish(
        AttendanceNearing(request_id=RequestId(row.id), decision_id=decision_id), not_before=row.attend_watch_at
    )


def _end(row: sa.Row[Any], valid_until: date) -> datetime:
    return end_of_day(valid_until, ZoneInfo(row.zone)) + timedelta(seconds=1)


def _legal_basis(verdict: Verdict, considered: Mapping[str, Any], pack: CoveragePack) -> str | None:
    if verdict.released:
        return verdict.released.legal_basis
    return legal_basis_by_rule(Facts.read(json.dumps(considered["facts"])), pack)


def guide_of(receipt: Mapping[str, Any]) -> Guide | None:
    """The guide of a kept decision."""
    kept: Mapping[str, Any] | None = receipt["guide"]
    if kept is None:
        return None
    replaces = kept.get("replaces")
    return Guide(
        number=kept["number"],
        senha=Personal(kept["senha"]),
        valid_until=date.fromisoformat(kept["valid_until"]),
        replaces=ReplacedGuide.read(json.dumps(replaces)) if replaces else None,
    )


def _decided(verdict: Verdict) -> dict[str, Any]:
    """What was decided, and for a person's decision everything that permitted it."""
    released = verdict.released
    content = released.reveal_json() if released else {}
    releaser = verdict.releaser
    return {
        "id": str(verdict.decision_id),
        "case_id": content.get("case_id"),
        "outcome": verdict.outcome,
        "ground": verdict.ground,
        "by": verdict.by,
        "post_facto": verdict.post_facto,
        "member_text": verdict.member_text,
        "released_at": content.get("released_at"),
        "reason_codes": content.get("reason_codes", []),
        "missing": content.get("missing", []),
        "evidence": content.get("evidence", []),
        "releaser": {"roles": sorted(verdict.roles), "registration": asdict(releaser)} if releaser else None,
        "opinions": [_with_registration(opinion) for opinion in content.get("opinions", ())],
        "contacts": content.get("contacts", []),
        "earlier_reviewers": content.get("earlier_reviewers", []),
    }


def _with_registration(opinion: Mapping[str, Any]) -> dict[str, Any]:
    """An opinion with the author's registration as one value, which can be cut out."""
    parts = ("council", "uf", "number")
    kept = {name: value for name, value in opinion.items() if name not in parts}
    return {**kept, "registration": {part: opinion[part] for part in parts}}


def _item(verdict: Verdict, line: sa.Row[Any]) -> dict[str, Any]:
    """A line and how much of it is approved; None while nothing is decided of it."""
    asked: int = line.quantity
    approved: int | None
    match verdict.outcome:
        case "approve":
            approved = asked
        case "approve_in_part":
            approved = asked if line.approved_quantity is None else line.approved_quantity
        case "request_information":
            approved = None
        case _:
            approved = 0
    return {"position": line.position, "tuss": line.tuss, "asked": asked, "approved": approved}
