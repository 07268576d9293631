"""Creating and updating contracts and people: check everything, then write everything or nothing."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from austa.infra.csv_tables import problems_of, repeated_keys, short_report
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.ids import ContractId, MemberId, OperatorId, new_id
from austa.kernel.imports import ImportProblem, ImportReport
from austa.modules.members import store
from austa.modules.members.api import NewContract, NewMember, PreexistingRestriction
from austa.modules.members.domain.checks import (
    SENTENCES,
    Fault,
    contract_faults,
    coverage_faults,
    member_faults,
    tidy_contract,
    tidy_member,
)
from austa.modules.members.domain.coverage import StatusSince
from austa.modules.members.domain.numbers import card_end
from austa.modules.members.domain.person import person_of
from austa.modules.members.events import ContractSaved, MemberSaved
from austa.modules.members.service.history import History, PersonTold
from austa.modules.members.service.sealing import Sealing
from austa.modules.members.store import ContractRow, KnownContract, KnownMember, MemberRow

CHUNK = 500
"""People sealed and written at a time: the event loop gets its turn between."""

CONTRACTS, MEMBERS = "contracts", "members"


@dataclass(frozen=True)
class Sent:
    """What came in, each with its line; `problems` are those found while reading it."""

    contracts: Sequence[tuple[int, NewContract]]
    people: Sequence[tuple[int, NewMember]]
    problems: Sequence[ImportProblem] = ()
    lines: int = 0


@dataclass(frozen=True)
class _Contract:
    line: int
    new: NewContract
    digest: bytes


@dataclass(frozen=True)
class _Member:
    line: int
    new: NewMember
    card: bytes
    holder: bytes | None
    guardian: bytes | None
    digest: bytes


@dataclass(frozen=True)
class _Checked:
    contracts: Sequence[_Contract]
    people: Sequence[_Member]
    problems: list[ImportProblem]


@dataclass(frozen=True)
class _Known:
    """What is recorded already of what came in."""

    contracts: Mapping[str, KnownContract]
    people: Mapping[bytes, KnownMember]


class Importing:
    """The import of one process."""

    def __init__(self, database: ModuleDatabase, sealing: Sealing, history: History, clock: Clock) -> None:
        self._database = database
        self._sealing = sealing
        self._history = history
        self._clock = clock

    async def save(self, caller: Caller, sent: Sent, *, dry_run: bool) -> ImportReport:
        """Write all of it, or, with a problem or for a dry run, nothing."""
        checked = await asyncio.to_thread(self._check, caller.operator_id, sent, local_date(self._clock.now()))
        async with self._database.transaction(caller) as tx:
            await store.lock_imports(tx)
            known = await _find_known(tx, checked)
            problems = [*sent.problems, *checked.problems]
            if not sent.problems:  # a line that could not be read may be the holder or contract that another names
                problems += _reference_problems(checked, known)
            contracts = [each for each in checked.contracts if not _is_same(each, known.contracts.get(each.new.number))]
            people = [each for each in checked.people if not _is_same(each, known.people.get(each.card))]
            if not problems and not dry_run:
                await self._write(tx, contracts, people, known, checked)
        created = sum(each.new.number not in known.contracts for each in contracts)
        created += sum(each.card not in known.people for each in people)
        changed = len(contracts) + len(people)
        return ImportReport(
            dry_run=dry_run,
            lines=sent.lines,
            created=created,
            updated=changed - created,
            unchanged=len(checked.contracts) + len(checked.people) - changed,
            problems=short_report(sorted(problems, key=lambda each: each.line)),
        )

    def _check(self, operator_id: OperatorId, sent: Sent, today: date) -> _Checked:
        """Tidy and check each line by itself; for a thread, for large files are seconds of work."""
        contracts = [self._checked_contract(operator_id, line, new) for line, new in sent.contracts]
        people = [self._checked_member(operator_id, line, new) for line, new in sent.people]
        problems = [
            *problems_of(CONTRACTS, SENTENCES, ((each.line, contract_faults(each.new)) for each in contracts)),
            *problems_of(MEMBERS, SENTENCES, ((each.line, member_faults(each.new, today)) for each in people)),
            *repeated_keys(CONTRACTS, "number", ((each.line, each.new.number) for each in contracts)),
            *repeated_keys(MEMBERS, "card_number", ((each.line, each.card) for each in people)),
        ]
        return _Checked(contracts, people, problems)

    def _checked_contract(self, operator_id: OperatorId, line: int, new: NewContract) -> _Contract:
        tidy = tidy_contract(new)
        return _Contract(line, tidy, self._sealing.digest(operator_id, tidy))

    def _checked_member(self, operator_id: OperatorId, line: int, new: NewMember) -> _Member:
        tidy = tidy_member(new)
        return _Member(
            line,
            tidy,
            card=self._sealing.card_mark(operator_id, tidy.card_number.reveal()),
            holder=self._sealing.card_mark(operator_id, tidy.holder_card.reveal()) if tidy.holder_card else None,
            guardian=self._sealing.card_mark(operator_id, tidy.guardian_card.reveal()) if tidy.guardian_card else None,
            digest=self._sealing.digest(operator_id, tidy),
        )

    async def _write(
        self,
        tx: Transaction,
        contracts: Sequence[_Contract],
        people: Sequence[_Member],
        known: _Known,
        checked: _Checked,
    ) -> None:
        contract_ids = {number: each.id for number, each in known.contracts.items()}
        contract_ids |= {e.new.number: ContractId(new_id()) for e in contracts if e.new.number not in contract_ids}
        member_ids = {card: each.id for card, each in known.people.items()}
        member_ids |= {each.card: MemberId(new_id()) for each in checked.people if each.card not in member_ids}
        await self._write_contracts(tx, contracts, known, contract_ids)
        for start in range(0, len(people), CHUNK):
            await self._write_people(tx, people[start : start + CHUNK], known, contract_ids, member_ids)

    async def _write_contracts(
        self,
        tx: Transaction,
        contracts: Sequence[_Contract],
        known: _Known,
        ids: Mapping[str, ContractId],
    ) -> None:
        await self._history.tell_contracts(tx, [(ids[each.new.number], each.new) for each in contracts])
        await store.save_contracts(tx, [_contract_row(tx, each, ids[each.new.number]) for each in contracts])
        latest = await store.find_latest_statuses(tx, [ids[each.new.number] for each in contracts])
        told = [(ids[e.new.number], _status_told(e.new, latest.get(ids[e.new.number]), tx)) for e in contracts]
        await store.save_statuses(tx, told)
        await tx.publish(
            *(
                ContractSaved(contract_id=ids[each.new.number], created=each.new.number not in known.contracts)
                for each in contracts
            )
        )

    async def _write_people(
        self,
        tx: Transaction,
        people: Sequence[_Member],
        known: _Known,
        contract_ids: Mapping[str, ContractId],
        member_ids: Mapping[bytes, MemberId],
    ) -> None:
        restrictions = await self._known_restrictions(tx, people, known)
        persons = [(member_ids[e.card], person_of(e.new, restrictions.get(e.card, ()))) for e in people]
        sealed = await self._sealing.seal(tx.operator_id, persons)
        rows = [
            self._member_row(tx, each, person, contract_ids, member_ids)
            for each, person in zip(people, sealed, strict=True)
        ]
        await self._history.tell_people(
            tx,
            [
                PersonTold(row.id, each.new, row.contract_id, row.holder_id, row.guardian_id, row.card_end)
                for each, row in zip(people, rows, strict=True)
            ],
        )
        tokens = await asyncio.to_thread(self._tokens, tx.operator_id, people, member_ids)
        await store.save_members(tx, rows, tokens)
        await tx.publish(
            *(
                MemberSaved(member_id=row.id, contract_id=row.contract_id, created=each.card not in known.people)
                for each, row in zip(people, rows, strict=True)
            )
        )

    async def _known_restrictions(
        self, tx: Transaction, people: Sequence[_Member], known: _Known
    ) -> dict[bytes, tuple[PreexistingRestriction, ...]]:
        """By card: what is recorded of those about whose restrictions the sender says nothing."""
        silent = [known.people[e.card].id for e in people if e.new.restrictions is None and e.card in known.people]
        rows = await store.find_members(tx, silent)
        persons = await self._sealing.open(tx.operator_id, [(row.id, row.person) for row in rows])
        return {row.card_mark: person.restrictions for row, person in zip(rows, persons, strict=True)}

    def _tokens(
        self, operator_id: OperatorId, people: Sequence[_Member], ids: Mapping[bytes, MemberId]
    ) -> dict[MemberId, set[bytes]]:
        return {ids[each.card]: self._sealing.search_tokens(operator_id, each.new) for each in people}

    def _member_row(
        self,
        tx: Transaction,
        each: _Member,
        person: bytes,
        contract_ids: Mapping[str, ContractId],
        member_ids: Mapping[bytes, MemberId],
    ) -> MemberRow:
        new, now = each.new, tx.now()
        return MemberRow(
            id=member_ids[each.card],
            contract_id=contract_ids[new.contract_number],
            card_mark=each.card,
            cpf_mark=self._sealing.cpf_mark(tx.operator_id, new.cpf.reveal()) if new.cpf else None,
            card_end=card_end(new.card_number.reveal()),
            card_valid_until=new.card_valid_until,
            birth_date=new.birth_date,
            sex=new.sex,
            relation=new.relation,
            holder_id=member_ids[each.holder] if each.holder else None,
            guardian_id=member_ids[each.guardian] if each.guardian else None,
            joined_on=new.joined_on,
            excluded_on=new.excluded_on,
            deceased_on=new.deceased_on,
            waiting_periods=new.waiting_periods,
            is_synthetic=new.is_synthetic,
            person=person,
            digest=each.digest,
            recorded_at=now,
            versioned_at=now,
        )


async def _find_known(tx: Transaction, checked: _Checked) -> _Known:
    numbers = {each.new.number for each in checked.contracts} | {each.new.contract_number for each in checked.people}
    cards = {card for each in checked.people for card in (each.card, each.holder, each.guardian) if card}
    return _Known(await store.find_contracts(tx, numbers), await store.find_members_by_card(tx, cards))


def _reference_problems(checked: _Checked, known: _Known) -> list[ImportProblem]:
    """What is wrong between lines: contracts and relatives that nobody knows, periods longer than the law's."""
    starts = {number: each.started_on for number, each in known.contracts.items()}
    starts |= {each.new.number: each.new.started_on for each in checked.contracts}
    cards = known.people.keys() | {each.card for each in checked.people}
    return problems_of(MEMBERS, SENTENCES, ((e.line, _reference_faults(e, starts, cards)) for e in checked.people))


def _reference_faults(each: _Member, starts: Mapping[str, date], cards: set[bytes]) -> Iterator[Fault]:
    start = starts.get(each.new.contract_number)
    if start is not None:
        yield from coverage_faults(each.new, start)
    elif each.new.contract_number:
        yield ("contract_number", "contract_unknown")
    if each.holder is not None and each.holder not in cards:
        yield ("holder_card", "holder_unknown")
    if each.guardian is not None and each.guardian not in cards:
        yield ("guardian_card", "guardian_unknown")


def _is_same(each: _Contract | _Member, known: KnownContract | KnownMember | None) -> bool:
    return known is not None and known.digest == each.digest


def _status_told(new: NewContract, latest: StatusSince | None, tx: Transaction) -> StatusSince:
    """A status for processes of the version before, which know no history: the first holds from the contract's start,
    another one from the day we are told."""
    if latest is None:
        return StatusSince(new.started_on, new.status)
    if latest.status == new.status:
        return latest
    return StatusSince(max(local_date(tx.now()), latest.since), new.status)


def _contract_row(tx: Transaction, each: _Contract, contract_id: ContractId) -> ContractRow:
    new, now = each.new, tx.now()
    return ContractRow(
        id=contract_id,
        number=new.number,
        plan_name=new.plan_name,
        ans_product=new.ans_product,
        segmentation=new.segmentation,
        coverage_area=new.coverage_area,
        coverage_states=list(new.coverage_states),
        started_on=new.started_on,
        ended_on=new.ended_on,
        waiting_periods=new.waiting_periods,
        digest=each.digest,
        recorded_at=now,
        versioned_at=now,
    )
