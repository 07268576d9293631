"""Keeps every word about contracts and people, and opens what was known of them at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from austa.infra.db import Transaction
from austa.kernel.bitemporal import Statement, Version, believed, change, correct, taken_back
from austa.kernel.clock import local_date
from austa.kernel.ids import ContractId, MemberId, new_id
from austa.modules.members import store
from austa.modules.members.api import NewContract, NewMember, PreexistingRestriction
from austa.modules.members.domain.coverage import StatusSince
from austa.modules.members.domain.told import (
    CONTRACT_DATED,
    MEMBER_DATED,
    contract_statements,
    member_statements,
    place_from,
    restriction_statement,
    status_from,
    status_history,
    statuses_told,
    terms_from,
)
from austa.modules.members.service.sealing import Sealing
from austa.modules.members.store import ContractRow, MemberRow, NewVersion


@dataclass(frozen=True)
class PersonTold:
    """A person as sent, and who the import found the others to be."""

    member_id: MemberId
    new: NewMember
    contract_id: ContractId
    holder_id: MemberId | None
    guardian_id: MemberId | None
    card_end: str


@dataclass
class Words:
    """All that was ever said of one contract or member. `plain`: what restrictions say that are not kept yet."""

    about: UUID
    versions: Sequence[Version]
    kept: Sequence[Version]
    plain: dict[str, PreexistingRestriction] = field(default_factory=dict)

    def replace(self, told: Sequence[Statement], aspects: Sequence[str], at: datetime) -> None:
        """Facts with dates of their own: these hold, and no others."""
        self.versions = correct(self.versions, told, aspects, at)

    def change(self, told: Statement, at: datetime) -> None:
        """A fact without dates: it holds from its first day on."""
        self.versions = change(self.versions, told, at)

    @property
    def is_new(self) -> bool:
        return not self.versions

    def closed(self) -> list[tuple[UUID, datetime]]:
        """Kept words that are believed no longer, and since when."""
        return taken_back(self.kept, self.versions)


class History:
    """The words about contracts and people of one process."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    async def of_contracts(self, tx: Transaction, ids: Sequence[ContractId]) -> dict[ContractId, Words]:
        """All that was said of those contracts."""
        found = await _find_words(tx, ids)
        rows = await store.find_contract_rows(tx, ids)
        for contract_id, row in rows.items():
            if row.versioned_at != row.recorded_at:
                _take_over_contract(found[contract_id], row, await store.list_statuses(tx, contract_id))
        return {contract_id: found[contract_id] for contract_id in ids}

    async def of_people(self, tx: Transaction, ids: Sequence[MemberId]) -> dict[MemberId, Words]:
        """All that was said of those people."""
        found = await _find_words(tx, ids)
        stale = [row for row in await store.find_members(tx, ids) if row.versioned_at != row.recorded_at]
        persons = await self._sealing.open(tx.operator_id, [(row.id, row.person) for row in stale])
        for row, person in zip(stale, persons, strict=True):
            self._take_over_member(tx, found[row.id], row, person.restrictions)
        return {member_id: found[member_id] for member_id in ids}

    async def tell_contracts(self, tx: Transaction, told: Sequence[tuple[ContractId, NewContract]]) -> None:
        """Write down what was sent. To be called before the contracts themselves are saved."""
        words = await self.of_contracts(tx, [contract_id for contract_id, _ in told])
        for contract_id, new in told:
            own, at = words[contract_id], tx.now()
            day = new.valid_from or (new.started_on if own.is_new else local_date(at))
            own.replace(contract_statements(new, new.waiting_waived), CONTRACT_DATED, at)
            own.change(terms_from(new, new.coverage_cities, day), at)
            own.change(status_from(new, day), at)
        await self._write(tx, list(words.values()))

    async def tell_people(self, tx: Transaction, told: Sequence[PersonTold]) -> None:
        """Write down what was sent. To be called before the people themselves are saved."""
        words = await self.of_people(tx, [each.member_id for each in told])
        for each in told:
            own, new, at = words[each.member_id], each.new, tx.now()
            day = new.valid_from or (new.joined_on if own.is_new else local_date(at))
            own.replace(member_statements(new, each.card_end, new.waiting_waived), MEMBER_DATED, at)
            own.change(place_from(each.contract_id, new.relation, each.holder_id, each.guardian_id, day), at)
            if new.restrictions is not None:
                self._restrict(tx, own, new.restrictions, new.joined_on, at)
        await self._write(tx, list(words.values()))

    async def open_restrictions(
        self, tx: Transaction, words: Words, versions: Sequence[Version]
    ) -> tuple[PreexistingRestriction, ...]:
        """What those restrictions say, in order of their ends."""
        sealed = await store.find_sealed(tx, [each.id for each in versions if each.id is not None])
        opened = await self._sealing.open_restrictions(tx.operator_id, MemberId(words.about), sealed)
        opened += [words.plain[each.statement.content] for each in versions if each.id is None]
        return tuple(sorted(opened, key=lambda each: (each.ends_on, each.cids)))

    def _take_over_member(
        self, tx: Transaction, words: Words, row: MemberRow, restrictions: tuple[PreexistingRestriction, ...]
    ) -> None:
        """What a process of the version before wrote, as known since it was recorded."""
        at = row.recorded_at
        day = row.joined_on if words.is_new else local_date(at)
        words.replace(member_statements(row, row.card_end, None), MEMBER_DATED, at)
        words.change(place_from(row.contract_id, row.relation, row.holder_id, row.guardian_id, day), at)
        self._restrict(tx, words, restrictions, row.joined_on, at)

    def _restrict(
        self,
        tx: Transaction,
        words: Words,
        restrictions: tuple[PreexistingRestriction, ...],
        joined_on: date,
        at: datetime,
    ) -> None:
        marks = [self._sealing.restriction_mark(tx.operator_id, each) for each in restrictions]
        words.plain |= dict(zip(marks, restrictions, strict=True))
        told = [restriction_statement(each, joined_on, mark) for each, mark in zip(restrictions, marks, strict=True)]
        words.replace(told, ("restriction",), at)

    async def _write(self, tx: Transaction, words: Sequence[Words]) -> None:
        new = [(new_id(), each, version) for each in words for version in each.versions if version.id is None]
        restrictions = [
            (version_id, MemberId(each.about), each.plain[version.statement.content])
            for version_id, each, version in new
            if version.statement.aspect == "restriction"
        ]
        sealed = await self._sealing.seal_restrictions(tx.operator_id, restrictions)
        await store.close_versions(tx, [closed for each in words for closed in each.closed()])
        await store.add_versions(
            tx, [NewVersion(id_, each.about, version, sealed.get(id_)) for id_, each, version in new]
        )


async def _find_words(tx: Transaction, ids: Sequence[ContractId] | Sequence[MemberId]) -> dict[UUID, Words]:
    found = await store.find_versions(tx, ids)
    return {about: Words(about, versions, versions) for about, versions in found.items()}


def _take_over_contract(words: Words, row: ContractRow, statuses: Sequence[StatusSince]) -> None:
    """What a process of the version before wrote, as known since it was recorded."""
    at, was_new = row.recorded_at, words.is_new
    words.replace(contract_statements(row, None), CONTRACT_DATED, at)
    words.change(terms_from(row, (), row.started_on if was_new else local_date(at)), at)
    if was_new:
        words.replace(status_history(statuses), ("status",), at)
    elif statuses and statuses[-1].status != statuses_told(believed(words.versions, "status"))[-1].status:
        words.change(status_history(statuses[-1:])[0], at)
