"""Keeps decisions: the receipt, the guide with its senha, the event that the ledger commits to."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.clock import local_date
from austa.kernel.ids import CaseId, DecisionId, RequestId
from austa.kernel.personal import Personal
from austa.modules.prior_auth import store
from austa.modules.prior_auth.api.clocks import ServiceClass
from austa.modules.prior_auth.api.requests import DecisionRecord, Ground, Guide, Outcome, ReleasedDecision
from austa.modules.prior_auth.domain.clocks import end_of_day
from austa.modules.prior_auth.domain.coverage import CoveragePack
from austa.modules.prior_auth.domain.numbers import guide_number, senha_from
from austa.modules.prior_auth.domain.receipt import FORMAT, canonical, digest_of
from austa.modules.prior_auth.events import GuideValidityEnded, RequestDecided
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.service.walk import Walk

BY_SYSTEM = "system"


@dataclass(frozen=True)
class Verdict:
    """What was decided, by whom, with which words. `released` is what the person sent, where it was a person."""

    decision_id: DecisionId
    key: str
    outcome: Outcome
    by: str
    member_text: str
    released: ReleasedDecision | None = None
    post_facto: bool = False

    @property
    def ground(self) -> Ground | None:
        return self.released.ground if self.released else None

    @property
    def case_id(self) -> CaseId | None:
        return self.released.case_id if self.released else None


class Registrar:
    """Writes decisions; the request's row is locked and walked by the caller."""

    def __init__(self, vault: Vault, pack: CoveragePack) -> None:
        self._vault = vault
        self._pack = pack

    async def issue_guide(self, tx: Transaction, row: sa.Row[Any]) -> Guide:
        """A guide number without gaps, a senha nobody can guess, and its last day."""
        today = local_date(tx.now(), ZoneInfo(row.zone))
        number = await store.next_number(tx, f"guide:{today.year}")
        return Guide(
            number=guide_number(today.year, number),
            senha=Personal(senha_from(secrets.token_bytes(32))),
            valid_until=today + timedelta(days=self._validity_days(row.service_class)),
        )

    async def keep(
        self,
        tx: Transaction,
        row: sa.Row[Any],
        walk: Walk,
        verdict: Verdict,
        considered: Mapping[str, Any],
        guide: Guide | None,
    ) -> DecisionRecord:
        """Write the decision with its receipt and tell the house. `considered`: the assessment's facts and findings."""
        now = tx.now()
        receipt = canonical(self._receipt(row, walk, verdict, considered, guide, now.isoformat()))
        digest = digest_of(receipt)
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
                "at": now,
                "state": walk.state,
                "digest": digest,
                "rules_version": self._pack.version,
                "post_facto": verdict.post_facto,
                "guide_number": guide.number if guide else None,
                "valid_until": guide.valid_until if guide else None,
                "content": await self._vault.seal_text(
                    tx.operator_id, row.subject_id, "decision", verdict.decision_id, receipt
                ),
            },
        )
        await self._tell(tx, row, verdict, digest, guide)
        return DecisionRecord(
            decision_id=verdict.decision_id,
            request_id=RequestId(row.id),
            outcome=verdict.outcome,
            by=verdict.by,
            at=now,
            state=walk.state,
            guide=guide,
            digest=digest,
        )

    async def _tell(
        self, tx: Transaction, row: sa.Row[Any], verdict: Verdict, digest: str, guide: Guide | None
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
                rules_version=self._pack.version,
                post_facto=verdict.post_facto,
            )
        )
        if guide:
            await tx.publish(
                GuideValidityEnded(request_id=RequestId(row.id), decision_id=verdict.decision_id),
                not_before=end_of_day(guide.valid_until, ZoneInfo(row.zone)) + timedelta(seconds=1),
            )

    def _receipt(
        self,
        row: sa.Row[Any],
        walk: Walk,
        verdict: Verdict,
        considered: Mapping[str, Any],
        guide: Guide | None,
        at: str,
    ) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "nonce": secrets.token_hex(16),
            "request": {
                "id": str(row.id),
                "protocol": row.protocol,
                "asked_at": row.asked_at.isoformat(),
                "due_at": row.due_at.isoformat(),
                "clock_basis": row.clock_basis,
                "calendar": row.calendar_id,
            },
            "considered": dict(considered),
            "rules": {"version": self._pack.version, "digest": self._pack.digest},
            "decision": {
                "id": str(verdict.decision_id),
                "outcome": verdict.outcome,
                "state": walk.state,
                "by": verdict.by,
                "at": at,
                "member_text": verdict.member_text,
                "released": verdict.released.reveal_json() if verdict.released else None,
            },
            "guide": guide.reveal_json() if guide else None,
        }

    def _validity_days(self, service_class: ServiceClass) -> int:
        return self._pack.guide_validity_days[service_class].value


def guide_of(receipt: Mapping[str, Any]) -> Guide | None:
    """The guide of a kept decision."""
    kept: Mapping[str, str] | None = receipt["guide"]
    if kept is None:
        return None
    return Guide(
        number=kept["number"], senha=Personal(kept["senha"]), valid_until=date.fromisoformat(kept["valid_until"])
    )
