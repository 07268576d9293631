"""The use cases of `fraud`."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.keys import KeyOwner, Keys
from austa.kernel.actors import Caller
from austa.kernel.ids import PrincipalId, RequestId, SubjectId, new_id
from austa.kernel.imports import ImportReport
from austa.kernel.personal import Personal
from austa.modules.documents.api import Documents
from austa.modules.fraud import store
from austa.modules.fraud.api import (
    KeptScreening,
    NewVerdict,
    RequestFacts,
    RuleFigures,
    RuleSetVersion,
    Screening,
    SignalRules,
    SignalVerdict,
    Table,
    no_such_signal,
    not_screened,
    reason_missing,
)
from austa.modules.fraud.domain.picture import FileLook, Picture
from austa.modules.fraud.domain.rulebook import Rulebook
from austa.modules.fraud.domain.screening import blind_rules, described, read_rules, screen
from austa.modules.fraud.service.importing import Importing
from austa.modules.fraud.service.memory import Memory, is_urgent_on_elective
from austa.modules.identity.api import Identity
from austa.modules.privacy.api import Privacy

LONGEST_REASON = 2000


class FraudService:
    """Implements `fraud.api.Fraud`."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        keys: Keys,
        access: Access,
        privacy: Privacy,
        documents: Documents,
        identity: Identity,
        importing: Importing,
        seed: bytes,
    ) -> None:
        self._database = database
        self._keys = keys
        self._access = access
        self._privacy = privacy
        self._documents = documents
        self._identity = identity
        self._importing = importing
        self._memory = Memory(keys)
        self._seed = read_rules(seed)
        self._books: dict[str, Rulebook] = {self._seed.digest: self._seed}

    async def signals_for(self, caller: Caller, facts: RequestFacts) -> Screening:
        self._access.check(caller, "signal:raise")
        # The key is made, where it is new, outside of the transaction: it has one of its own.
        await self._keys.prepare(caller.operator_id, "care", [facts.member.subject_id])
        files = await self._look_at_files(caller, facts)
        # What comes of the screening is committed after it, and brings it to the disk; else it is screened again.
        async with self._database.transaction(caller, waits=False) as tx:
            begun = await store.begin(tx)
            book = await self._book(tx, begun.digest)
            before = await store.find_screened(tx, facts.request_id)
            known = await self._memory.recall(tx, facts, book, begun, before)
            screening = screen(Picture(facts, replace(known, files=files)), book)
            await self._keep(tx, facts, screening, before)
            await self._memory.remember(tx, facts)
            if before is None and facts.place:
                await store.count_for_provider(
                    tx, facts.place.provider_id, facts.on, urgent_on_elective=is_urgent_on_elective(facts)
                )
        return screening

    async def screening(self, caller: Caller, request_id: RequestId) -> KeptScreening:
        async with self._database.transaction(caller) as tx:
            row = await store.find_screened(tx, request_id)
            own = await store.find_rule_set(tx)
            said = await store.list_verdicts(tx, request_id)
        kind = row.kind if row is not None else None
        self._access.check(caller, "signal:read", queue="manual" if kind == "reimbursement" else None)
        if row is None:
            raise not_screened(request_id)
        subject = SubjectId(row.subject_id)
        content = await self._keys.open(caller.operator_id, _owner(subject), _place(request_id), row.content)
        await self._privacy.record_access(caller, subject, "authorization", "fraud_prevention", request_id)
        found = Screening.read(content)
        book = read_rules(own.content) if own is not None else self._seed
        names = await self._names(caller, {each.by for each in said})
        return KeptScreening(
            request_id=request_id,
            at=row.at,
            screening=found,
            blind=blind_rules(found.blind, book),
            verdicts=tuple([await self._verdict(each, subject, names) for each in said]),
        )

    async def judge(self, caller: Caller, request_id: RequestId, rule: str, said: NewVerdict) -> SignalVerdict:
        reason = said.reason.reveal().strip()
        async with self._database.transaction(caller) as tx:
            row = await store.find_screened(tx, request_id)
        kind = row.kind if row is not None else None
        self._access.check(caller, "signal:judge", queue="manual" if kind == "reimbursement" else None)
        if row is None:
            raise not_screened(request_id)
        if not reason or len(reason) > LONGEST_REASON:
            raise reason_missing()
        subject = SubjectId(row.subject_id)
        content = await self._keys.open(caller.operator_id, _owner(subject), _place(request_id), row.content)
        if all(signal.id != rule for signal in Screening.read(content).signals):
            raise no_such_signal(rule)
        verdict_id = new_id()
        sealed = await self._keys.seal(caller.operator_id, _owner(subject), _verdict_place(verdict_id), reason)
        async with self._database.transaction(caller) as tx:
            values = {"request_id": request_id, "rule": rule, "verdict": said.verdict, "by": caller.actor}
            await store.add_verdict(tx, {"id": verdict_id, "at": tx.now(), "content": sealed, **values})
            (kept,) = [each for each in await store.list_verdicts(tx, request_id) if each.rule == rule]
        return await self._verdict(kept, subject, await self._names(caller, {kept.by}))

    async def figures(self, caller: Caller) -> tuple[RuleFigures, ...]:
        self._access.check(caller, "signal_rules:read")
        async with self._database.transaction(caller) as tx:
            counted = {(row.rule, row.verdict): row.requests for row in await store.count_verdicts(tx)}
        return tuple(
            RuleFigures(
                id=rule.id,
                name=rule.name,
                confirmed=counted.get((rule.id, "confirmed"), 0),
                not_confirmed=counted.get((rule.id, "not_confirmed"), 0),
                unclear=counted.get((rule.id, "unclear"), 0),
            )
            for rule in (await self.rules(caller)).rules
        )

    async def versions(self, caller: Caller) -> tuple[RuleSetVersion, ...]:
        self._access.check(caller, "signal_rules:read")
        async with self._database.transaction(caller) as tx:
            rows = await store.list_rule_sets(tx)
        names = await self._names(caller, {row.set_by for row in rows})
        return tuple(
            RuleSetVersion(
                revision=row.revision,
                version=row.version,
                digest=row.digest,
                at=row.set_at,
                by_name=names.get(row.set_by),
            )
            for row in rows
        )

    async def rules(self, caller: Caller) -> SignalRules:
        self._access.check(caller, "signal_rules:read")
        async with self._database.transaction(caller) as tx:
            own = await store.find_rule_set(tx)
        return described(read_rules(own.content) if own is not None else self._seed, own=own is not None)

    async def set_rules(self, caller: Caller, source: bytes, *, dry_run: bool) -> SignalRules:
        self._access.check(caller, "signal_rules:change")
        book = read_rules(source)
        async with self._database.transaction(caller) as tx:
            await store.lock_name(tx, "rules")
            last = await store.find_rule_set(tx)
            if not dry_run and (last is None or last.digest != book.digest):
                values = {
                    "digest": book.digest,
                    "version": book.version,
                    "content": source,
                    "set_at": tx.now(),
                    "set_by": caller.actor,
                }
                await store.add_rule_set(tx, 1 if last is None else last.revision + 1, values)
        return described(book, own=True)

    async def import_csv(self, caller: Caller, table: Table, text: str, *, dry_run: bool) -> ImportReport:
        return await self._importing.import_csv(caller, table, text, dry_run=dry_run)

    async def give_up(self, tx: Transaction, request_id: RequestId) -> None:
        """The request was denied or cancelled: it is compared with nothing any more."""
        await store.give_up(tx, request_id)

    async def _look_at_files(self, caller: Caller, facts: RequestFacts) -> tuple[FileLook, ...]:
        wanted = [paper.document_id for paper in facts.papers if paper.is_pdf]
        marks = [await self._documents.file_marks(caller, each) for each in wanted]
        return tuple(FileLook(each.made_by, each.changed_after_signature) for each in marks if each)

    async def _verdict(self, row: store.Row, subject: SubjectId, names: Mapping[str, Personal]) -> SignalVerdict:
        reason = await self._keys.open_text(row.operator_id, _owner(subject), _verdict_place(row.id), row.content)
        return SignalVerdict(
            rule=row.rule,
            verdict=row.verdict,
            reason=Personal(reason),
            by=row.by,
            by_name=names.get(row.by),
            at=row.at,
        )

    async def _names(self, caller: Caller, actors: Collection[str]) -> Mapping[str, Personal]:
        """Of the staff among them; the system has none."""
        ids = frozenset(PrincipalId(UUID(actor)) for actor in actors if ":" not in actor)
        ourselves = Caller.system(caller.operator_id, "fraud", caller.causation, caller.correlation)
        people = await self._identity.get_staff_many(ourselves, ids) if ids else ()
        return {str(person.id): person.name for person in people}

    async def _book(self, tx: Transaction, digest: str | None) -> Rulebook:
        wanted = digest or self._seed.digest
        if wanted not in self._books:
            own = await store.find_rule_set(tx)
            assert own is not None
            self._books[own.digest] = read_rules(own.content)
            wanted = own.digest
        return self._books[wanted]

    async def _keep(self, tx: Transaction, facts: RequestFacts, screening: Screening, before: store.Row | None) -> None:
        member = facts.member
        values: dict[str, Any] = {
            "request_id": facts.request_id,
            "member_id": member.member_id,
            "subject_id": member.subject_id,
            "family_id": member.family_id,
            "kind": facts.kind,
            "asked_on": before.asked_on if before is not None else facts.on,
            "provider_id": facts.place.provider_id if facts.place else None,
            "urgent_on_elective": is_urgent_on_elective(facts),
            "at": tx.now(),
            "rules_version": screening.rules_version,
            "rules_digest": screening.rules_digest,
            "content": await self._keys.seal(
                tx.operator_id, _owner(member.subject_id), _place(facts.request_id), _json(screening)
            ),
        }
        await store.keep_screened(tx, values)


def _owner(subject: SubjectId) -> KeyOwner:
    return KeyOwner(subject, "care")


def _verdict_place(verdict_id: UUID) -> str:
    return f"fraud.verdict.content:{verdict_id}"


def _place(request_id: RequestId) -> str:
    return f"fraud.screened.content:{request_id}"


def _json(screening: Screening) -> str:
    return json.dumps(screening.reveal_json(), ensure_ascii=False, separators=(",", ":"))
