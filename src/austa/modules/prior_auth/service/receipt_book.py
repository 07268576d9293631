"""Receipts at rest: the statement under the key of its year's records, each person's values under that person's key."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.infra.keys import Keys
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.errors import NotFound
from austa.kernel.ids import DecisionId, OperatorId, SubjectId, derived_id
from austa.kernel.signing import VerifierKey
from austa.modules.members.api import Member, Members
from austa.modules.prior_auth.api.requests import Requester
from austa.modules.prior_auth.domain.canonical import canonical
from austa.modules.prior_auth.domain.disclosure import Disclosures, restore
from austa.modules.prior_auth.domain.people import PersonConcerned, Role
from austa.modules.prior_auth.domain.receipt import SIGNALS, Statement, key_name, state, write_receipt
from austa.modules.prior_auth.domain.replay import current_form
from austa.modules.prior_auth.service.vault import RETENTION, Vault, requester_subject
from austa.modules.prior_auth.store import requests as store

SIGNING_PURPOSE = "receipt"
"""Names the key of receipts among the operator's signing keys."""
SALT_BYTES = 16
STAFF = "staff:"

Row = sa.Row[Any]


class ReceiptBook:
    """Receipts of decisions, written and opened."""

    def __init__(self, vault: Vault, keys: Keys, members: Members, clock: Clock) -> None:
        self._vault = vault
        self._keys = keys
        self._members = members
        self._clock = clock

    async def prepare(
        self,
        caller: Caller,
        subject: UUID,
        member: Member,
        requester: Requester | None,
        others_known: Sequence[PersonConcerned] = (),
    ) -> tuple[PersonConcerned, ...]:
        """Whom a decision about this member will be about, with those known already. Makes their keys, so that no
        transaction waits for one."""
        people = [PersonConcerned("member", SubjectId(subject), _who(member))]
        others: tuple[tuple[Role, Any], ...] = (("holder", member.holder_id), ("guardian", member.guardian_id))
        for role, other in others:
            if other is not None and other != member.id:
                person = await self._members.get(caller, other)
                people.append(PersonConcerned(role, await self._members.subject(caller, other), _who(person)))
        if requester is not None:
            subject_id = requester_subject(caller.operator_id, requester)
            people.append(PersonConcerned("requester", subject_id, requester.reveal_json()))
        people += others_known
        subjects = [person.subject_id for person in people]
        subjects.append(_record_subject(caller.operator_id, self._clock.now()))
        await self._keys.prepare(caller.operator_id, RETENTION, subjects)
        await self._keys.signing_key(caller.operator_id, SIGNING_PURPOSE)
        return tuple(people)

    async def seal(
        self, tx: Transaction, decision_id: DecisionId, document: Mapping[str, Any], people: Sequence[PersonConcerned]
    ) -> tuple[str, dict[str, bytes]]:
        """Sign a document and write down each person's values. Returns the digest and the decision row's columns."""
        statement = state(document, lambda: secrets.token_urlsafe(SALT_BYTES))
        await store.insert_parts(tx, await self._parts(tx.operator_id, decision_id, statement, people))
        signer = await self._keys.signing_key(tx.operator_id, SIGNING_PURPOSE)
        record = _record_subject(tx.operator_id, tx.now())
        sealed = await self._vault.seal_text(tx.operator_id, record, "decision", decision_id, statement.text)
        return statement.digest, {"content": sealed, "signature": signer.sign(statement.text)}

    async def open(self, row: Row, subject: UUID, parts: Sequence[Row]) -> dict[str, Any]:
        """A kept receipt in its current form; what is about a person whose key was destroyed stays cut out."""
        if row.signature is None:
            return current_form(await self._vault.open(row.operator_id, subject, "decision", row.id, row.content))
        statement = await self._statement(row)
        restored: dict[str, Any] = restore(statement, await self._disclosures(row, parts))
        return restored

    async def open_many(
        self, rows: Sequence[Row], subject: UUID, parts: Sequence[Row]
    ) -> list[tuple[Row, dict[str, Any]]]:
        """Decisions of one request, each with its receipt."""
        return [(row, await self.open(row, subject, [p for p in parts if p.decision_id == row.id])) for row in rows]

    async def write(self, row: Row, subject: UUID, parts: Sequence[Row]) -> bytes:
        """The receipt as a file."""
        if row.signature is None:
            old = await self._vault.open(row.operator_id, subject, "decision", row.id, row.content)
            return canonical(old) + b"\n"
        key = await self.verifier_key(row.operator_id)
        return write_receipt(await self._statement(row), await self._disclosures(row, parts), key, bytes(row.signature))

    async def verifier_key(self, operator_id: OperatorId) -> VerifierKey:
        """The public key of an operator's receipts."""
        signer = await self._keys.signing_key(operator_id, SIGNING_PURPOSE)
        return VerifierKey(key_name(operator_id), signer.public_key().public_bytes_raw())

    async def _parts(
        self,
        operator_id: OperatorId,
        decision_id: DecisionId,
        statement: Statement,
        people: Sequence[PersonConcerned],
    ) -> list[dict[str, Any]]:
        subjects: dict[str, UUID] = {person.role: person.subject_id for person in people}
        subjects[SIGNALS] = subjects["member"]
        rows = []
        for person, shown in statement.disclosures.items():
            subject = UUID(person.removeprefix(STAFF)) if person.startswith(STAFF) else subjects[person]
            sealed = await self._vault.seal_text(
                operator_id, subject, f"receipt_part/{person}", decision_id, canonical(shown)
            )
            rows.append({"decision_id": decision_id, "person": person, "subject_id": subject, "content": sealed})
        return rows

    async def _statement(self, row: Row) -> dict[str, Any]:
        record = _record_subject(row.operator_id, row.at)
        statement: dict[str, Any] = await self._vault.open(row.operator_id, record, "decision", row.id, row.content)
        return statement

    async def _disclosures(self, row: Row, parts: Sequence[Row]) -> Disclosures:
        """What is about people whose keys still exist."""
        found: Disclosures = {}
        for part in parts:
            try:
                content = await self._vault.open(
                    row.operator_id, part.subject_id, f"receipt_part/{part.person}", row.id, part.content
                )
            except NotFound:
                continue
            found[part.person] = content
        return found


def _record_subject(operator_id: OperatorId, at: datetime) -> SubjectId:
    """The statements of one year share a key, destroyed when the last of them need not be kept any longer."""
    return SubjectId(derived_id("prior_auth.record", operator_id, at.astimezone(UTC).year))


def _who(member: Member) -> dict[str, Any]:
    return {"member_id": str(member.id), "name": member.name.reveal(), "card_number": member.card_number.reveal()}
