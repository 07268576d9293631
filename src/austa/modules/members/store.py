"""All SQL of `members`. Row-level security keeps every statement to the transaction's operator."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.infra.prepared import Prepared
from austa.kernel.bitemporal import Statement, Version
from austa.kernel.ids import ContractId, MemberId, ProviderId
from austa.modules.members.api import ContractStatus, CoverageArea, Relation, Segmentation, Sex, WaitingPeriod
from austa.modules.members.domain.coverage import StatusSince
from austa.modules.members.tables import (
    confirmation,
    confirmation_attempt,
    contract,
    contract_status,
    member,
    search_token,
    verification,
    version,
)

BATCH = 5000
"""Rows a statement: an array of 32-byte marks stays well under a megabyte."""


@dataclass(frozen=True)
class VerificationRow:
    """A code that was made for somebody."""

    member_id: MemberId
    key: str


@dataclass(frozen=True)
class ContractRow:
    """A contract as it lies in the table."""

    id: ContractId
    number: str
    plan_name: str
    ans_product: str | None
    segmentation: Segmentation
    coverage_area: CoverageArea
    coverage_states: Sequence[str]
    started_on: date
    ended_on: date | None
    waiting_periods: tuple[WaitingPeriod, ...]
    digest: bytes
    recorded_at: datetime
    versioned_at: datetime | None
    """As `recorded_at` when its versions were written too; else a process of an older version wrote this row."""


@dataclass(frozen=True)
class MemberRow:
    """A member as they lie in the table; `person` is sealed, marks are blind indexes."""

    id: MemberId
    contract_id: ContractId
    card_mark: bytes
    cpf_mark: bytes | None
    card_end: str
    card_valid_until: date | None
    birth_date: date
    sex: Sex
    relation: Relation
    holder_id: MemberId | None
    guardian_id: MemberId | None
    joined_on: date
    excluded_on: date | None
    deceased_on: date | None
    waiting_periods: tuple[WaitingPeriod, ...] | None
    is_synthetic: bool
    person: bytes
    digest: bytes
    recorded_at: datetime
    versioned_at: datetime | None


@dataclass(frozen=True)
class NewVersion:
    """A version to be written. `sealed` is what a restriction says, under the member's key."""

    id: UUID
    about: UUID
    version: Version
    sealed: bytes | None


@dataclass(frozen=True)
class KnownContract:
    """What an import needs of a contract that is there."""

    id: ContractId
    started_on: date
    digest: bytes


@dataclass(frozen=True)
class KnownMember:
    """What an import needs of a member who is there."""

    id: MemberId
    digest: bytes


Key = TypeVar("Key")

# One statement for all: five rows a person, one by one, would be most of an import's time.
_ADD_TOKENS = sa.text(
    "insert into members.search_token (operator_id, token, member_id)"
    " select :operator, token, member_id from unnest(:tokens, :ids) as found (token, member_id)"
).bindparams(
    sa.bindparam("operator", type_=sa.Uuid),
    sa.bindparam("tokens", type_=pg.ARRAY(sa.LargeBinary)),
    sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid)),
)
_PERIODS = TypeAdapter(tuple[WaitingPeriod, ...])
_CONTRACT_COLUMNS = tuple(column for column in contract.c if column.name != "operator_id")
_MEMBER_COLUMNS = tuple(column for column in member.c if column.name != "operator_id")
_SAME_CONTRACT = sa.and_(contract.c.operator_id == member.c.operator_id, contract.c.id == member.c.contract_id)
_MEMBER_WITH_CONTRACT = Prepared(
    sa.select(*_MEMBER_COLUMNS, *_CONTRACT_COLUMNS)
    .join_from(member, contract, _SAME_CONTRACT)
    .where(member.c.id == sa.bindparam("given", type_=member.c.id.type))
)
_SOME = sa.bindparam("some", type_=pg.ARRAY(sa.Uuid))
_VERSIONS = Prepared(
    sa.select(*(column for column in version.c if column.name not in ("operator_id", "sealed")))
    .where(version.c.about == sa.any_(_SOME))
    .order_by(version.c.known_from, version.c.id)
)
_MEMBERS = Prepared(sa.select(*_MEMBER_COLUMNS).where(member.c.id == sa.any_(_SOME)))
_CONTRACTS = Prepared(sa.select(*_CONTRACT_COLUMNS).where(contract.c.id == sa.any_(_SOME)))


async def lock_imports(tx: Transaction) -> None:
    """One import at a time for an operator: two may not both create the same card."""
    await tx.execute(
        sa.text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"members:{tx.operator_id}"}
    )


async def find_contracts(tx: Transaction, numbers: Collection[str]) -> dict[str, KnownContract]:
    """Those of the numbers that exist."""
    found: dict[str, KnownContract] = {}
    for some in _in_batches(numbers):
        statement = sa.select(contract.c.number, contract.c.id, contract.c.started_on, contract.c.digest)
        for row in await tx.all(statement.where(contract.c.number == sa.any_(sa.cast(some, _texts())))):
            found[row.number] = KnownContract(ContractId(row.id), row.started_on, row.digest)
    return found


async def find_members_by_card(tx: Transaction, card_marks: Collection[bytes]) -> dict[bytes, KnownMember]:
    """Those of the cards that exist."""
    found: dict[bytes, KnownMember] = {}
    for some in _in_batches(card_marks):
        statement = sa.select(member.c.card_mark, member.c.id, member.c.digest)
        for row in await tx.all(statement.where(member.c.card_mark == sa.any_(sa.cast(some, _marks())))):
            found[row.card_mark] = KnownMember(MemberId(row.id), row.digest)
    return found


async def save_contracts(tx: Transaction, rows: Sequence[ContractRow]) -> None:
    """Insert or replace."""
    await _upsert(tx, contract, ("operator_id", "id"), rows)


async def save_statuses(tx: Transaction, told: Iterable[tuple[ContractId, StatusSince]]) -> None:
    """Write down a status from its day on; told twice for one day, the later word holds."""
    statement = insert(contract_status)
    statement = statement.on_conflict_do_update(
        index_elements=["operator_id", "contract_id", "since"], set_={"status": statement.excluded.status}
    )
    values = [
        {"operator_id": tx.operator_id, "contract_id": contract_id, "since": each.since, "status": each.status}
        for contract_id, each in told
    ]
    if values:
        await tx.execute(statement, values)


async def save_members(
    tx: Transaction, rows: Sequence[MemberRow], tokens: Mapping[MemberId, Collection[bytes]]
) -> None:
    """Insert or replace members and what they are found by."""
    await _upsert(tx, member, ("operator_id", "id"), rows)
    for some in _in_batches(tokens):
        await tx.execute(sa.delete(search_token).where(search_token.c.member_id == sa.any_(sa.cast(some, _ids()))))
    pairs = [(token, member_id) for member_id, own in tokens.items() for token in own]
    await tx.execute(
        _ADD_TOKENS, {"operator": tx.operator_id, "tokens": [t for t, _ in pairs], "ids": [i for _, i in pairs]}
    )


async def find_member(tx: Transaction, member_id: MemberId) -> tuple[MemberRow, ContractRow] | None:
    """A member and their contract."""
    row = await _MEMBER_WITH_CONTRACT.first(tx, given=member_id)
    if row is None:
        return None
    names, at = [column.name for column in (*_MEMBER_COLUMNS, *_CONTRACT_COLUMNS)], len(_MEMBER_COLUMNS)
    of_member, of_contract = dict(zip(names[:at], row[:at], strict=True)), dict(zip(names[at:], row[at:], strict=True))
    return MemberRow(**_fields(of_member)), ContractRow(**_fields(of_contract))


async def find_members(tx: Transaction, member_ids: Collection[MemberId]) -> list[MemberRow]:
    """Those of the members that exist, in no order."""
    found = await _MEMBERS.of(tx, member_ids, "id")
    return [_member(row) for rows in found.values() for row in rows]


async def find_wards(tx: Transaction, guardian_ids: Collection[MemberId], born_after: date) -> list[MemberRow]:
    """Members whose guardian is one of those, born after that day."""
    statement = sa.select(*_MEMBER_COLUMNS).where(
        member.c.guardian_id == sa.any_(sa.cast(list(guardian_ids), _ids())), member.c.birth_date > born_after
    )
    return [_member(row) for row in await tx.all(statement.order_by(member.c.birth_date, member.c.id))]


async def find_latest_statuses(tx: Transaction, contract_ids: Collection[ContractId]) -> dict[ContractId, StatusSince]:
    """The last status told of each contract."""
    columns = (contract_status.c.contract_id, contract_status.c.since, contract_status.c.status)
    found: dict[ContractId, StatusSince] = {}
    for some in _in_batches(contract_ids):
        statement = sa.select(*columns).where(contract_status.c.contract_id == sa.any_(sa.cast(some, _ids())))
        for row in await tx.all(statement.order_by(contract_status.c.since)):
            found[row.contract_id] = StatusSince(row.since, row.status)
    return found


async def find_versions(tx: Transaction, about: Collection[UUID]) -> dict[UUID, list[Version]]:
    """Every word about those contracts and members, believed still or not."""
    found: dict[UUID, list[Version]] = {each: [] for each in about}
    for some in _in_batches(about):
        for each, rows in (await _VERSIONS.of(tx, some, "about")).items():
            for row in rows:
                said = Statement(row.aspect, row.valid_from, row.valid_until, row.content)
                found[each].append(Version(row.id, said, row.known_from, row.known_until))
    return found


async def find_sealed(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, bytes]:
    """What sealed versions say, by their ids."""
    if not ids:
        return {}
    chosen = sa.select(version.c.id, version.c.sealed).where(version.c.id == sa.any_(sa.cast(list(ids), _ids())))
    return {row.id: row.sealed for row in await tx.all(chosen.where(version.c.sealed.is_not(None)))}


async def add_versions(tx: Transaction, new: Sequence[NewVersion]) -> None:
    values = [
        {
            "operator_id": tx.operator_id,
            "id": each.id,
            "about": each.about,
            **vars(each.version.statement),
            "known_from": each.version.known_from,
            "known_until": each.version.known_until,
            "sealed": each.sealed,
        }
        for each in new
    ]
    if values:
        await tx.execute(sa.insert(version), values)


async def close_versions(tx: Transaction, closed: Sequence[tuple[UUID, datetime]]) -> None:
    """Take words back: believed no longer from that moment on."""
    if closed:
        statement = sa.update(version).where(version.c.id == sa.bindparam("closed_id"))
        statement = statement.values(known_until=sa.bindparam("closed_at"))
        await tx.execute(statement, [{"closed_id": each, "closed_at": at} for each, at in closed])


async def find_contract_rows(tx: Transaction, ids: Collection[ContractId]) -> dict[ContractId, ContractRow]:
    found: dict[ContractId, ContractRow] = {}
    for some in _in_batches(ids):
        for rows in (await _CONTRACTS.of(tx, some, "id")).values():
            for row in rows:
                found[ContractId(row.id)] = ContractRow(**_fields(row._asdict()))
    return found


async def list_statuses(tx: Transaction, contract_id: ContractId) -> list[StatusSince]:
    """What was told of a contract's status, in order of days."""
    statement = sa.select(contract_status.c.since, contract_status.c.status)
    rows = await tx.all(statement.where(contract_status.c.contract_id == contract_id).order_by("since"))
    return [StatusSince(row.since, cast(ContractStatus, row.status)) for row in rows]


async def find_by_card(tx: Transaction, card_mark: bytes) -> MemberId | None:
    row = await tx.one_or_none(sa.select(member.c.id).where(member.c.card_mark == card_mark))
    return MemberId(row.id) if row else None


async def find_by_cpf(tx: Transaction, cpf_mark: bytes, today: date) -> MemberId | None:
    """The member with that CPF. Where several bear it: who is covered before who left, the holder before the
    dependants that were registered under the holder's CPF, the latest to join."""
    statement = (
        sa.select(member.c.id)
        .where(member.c.cpf_mark == cpf_mark)
        .order_by(
            (member.c.excluded_on.is_not(None) & (member.c.excluded_on <= today)),
            (member.c.relation == "dependent"),
            member.c.joined_on.desc(),
            member.c.id,
        )
        .limit(1)
    )
    row = await tx.one_or_none(statement)
    return MemberId(row.id) if row else None


async def search_members(
    tx: Transaction, numbers: Collection[bytes], parts: Collection[bytes], after: tuple[str, UUID] | None, limit: int
) -> list[MemberRow]:
    """Members with one of those number marks (card, CPF, phone) or with all of those name parts, by card end and id."""
    ways: list[sa.ColumnElement[bool]] = []
    if numbers:
        marks = sa.cast(list(numbers), _marks())
        ways += [member.c.card_mark == sa.any_(marks), member.c.cpf_mark == sa.any_(marks), _has_one(numbers)]
    if parts:
        ways.append(_has_all(parts))
    statement = sa.select(*_MEMBER_COLUMNS).where(sa.or_(*ways))
    if after is not None:
        statement = statement.where(sa.tuple_(member.c.card_end, member.c.id) > sa.tuple_(*map(sa.literal, after)))
    rows = await tx.all(statement.order_by(member.c.card_end, member.c.id).limit(limit))
    return [_member(row) for row in rows]


async def count_try(tx: Transaction, actor: str, window: datetime) -> tuple[datetime, int]:
    """One more try of that person: since when they are counted, and how many; an old count begins anew."""
    statement = insert(confirmation_attempt).values(operator_id=tx.operator_id, actor=actor, since=tx.now(), tries=1)
    over = confirmation_attempt.c.since < window
    counted = statement.on_conflict_do_update(
        index_elements=[confirmation_attempt.c.operator_id, confirmation_attempt.c.actor],
        set_={
            "since": sa.case((over, tx.now()), else_=confirmation_attempt.c.since),
            "tries": sa.case((over, 1), else_=confirmation_attempt.c.tries + 1),
        },
    ).returning(confirmation_attempt.c.since, confirmation_attempt.c.tries)
    row = (await tx.execute(counted)).one()
    return row.since, row.tries


async def forgive_try(tx: Transaction, actor: str) -> None:
    """The try was right and does not count."""
    await tx.execute(
        sa.update(confirmation_attempt)
        .where(confirmation_attempt.c.actor == actor)
        .values(tries=sa.func.greatest(confirmation_attempt.c.tries - 1, 0))
    )


async def save_confirmation(tx: Transaction, provider_id: ProviderId, member_id: MemberId) -> None:
    statement = insert(confirmation).values(
        operator_id=tx.operator_id,
        provider_id=provider_id,
        member_id=member_id,
        confirmed_at=tx.now(),
        confirmed_by=tx.caller.actor,
    )
    places = [confirmation.c.operator_id, confirmation.c.provider_id, confirmation.c.member_id]
    newer = {"confirmed_at": statement.excluded.confirmed_at, "confirmed_by": statement.excluded.confirmed_by}
    await tx.execute(statement.on_conflict_do_update(index_elements=places, set_=newer))


async def find_confirmed(
    tx: Transaction, provider_id: ProviderId, member_ids: Collection[MemberId], since: datetime | None = None
) -> set[MemberId]:
    """Those of the members whom clerks of that provider confirmed, ever or since that moment."""
    chosen = sa.select(confirmation.c.member_id).where(
        confirmation.c.provider_id == provider_id, confirmation.c.member_id.in_(member_ids)
    )
    if since is not None:
        chosen = chosen.where(confirmation.c.confirmed_at >= since)
    return {MemberId(row.member_id) for row in await tx.all(chosen)}


async def add_verification(tx: Transaction, code_id: UUID, member_id: MemberId, key: str) -> None:
    values = {
        "operator_id": tx.operator_id,
        "code_id": code_id,
        "member_id": member_id,
        "key": key,
        "started_at": tx.now(),
    }
    await tx.execute(insert(verification).values(values).on_conflict_do_nothing())


async def find_verification(tx: Transaction, code_id: UUID) -> VerificationRow | None:
    """For whom a code was made, and under which key."""
    row = await tx.one_or_none(
        sa.select(verification.c.member_id, verification.c.key).where(verification.c.code_id == code_id)
    )
    return VerificationRow(MemberId(row.member_id), row.key) if row else None


async def find_verified_member(tx: Transaction, code_id: UUID) -> MemberId | None:
    """Whom a code was made for."""
    row = await tx.one_or_none(sa.select(verification.c.member_id).where(verification.c.code_id == code_id))
    return MemberId(row.member_id) if row else None


async def _upsert(
    tx: Transaction, table: sa.Table, key: Sequence[str], rows: Sequence[ContractRow] | Sequence[MemberRow]
) -> None:
    if not rows:
        return
    statement = insert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    statement = statement.on_conflict_do_update(index_elements=key, set_=changed)
    await tx.execute(statement, [{"operator_id": tx.operator_id, **_values(row)} for row in rows])


def _in_batches(keys: Collection[Key]) -> Iterable[list[Key]]:
    all_keys = list(keys)
    return (all_keys[start : start + BATCH] for start in range(0, len(all_keys), BATCH))


def _has_one(tokens: Collection[bytes]) -> sa.ColumnElement[bool]:
    bearers = sa.select(search_token.c.member_id)
    return member.c.id.in_(bearers.where(search_token.c.token == sa.any_(sa.cast(list(tokens), _marks()))))


def _has_all(tokens: Collection[bytes]) -> sa.ColumnElement[bool]:
    bearers = sa.select(search_token.c.member_id)
    bearers = bearers.where(search_token.c.token == sa.any_(sa.cast(list(tokens), _marks())))
    return member.c.id.in_(bearers.group_by(search_token.c.member_id).having(sa.func.count() == len(tokens)))


def _member(row: sa.Row[Any]) -> MemberRow:
    return MemberRow(**_fields(row._asdict()))


def _fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The columns as fields: waiting periods lie as JSON."""
    fields = dict(row)
    periods = fields["waiting_periods"]
    return fields | {"waiting_periods": None if periods is None else _PERIODS.validate_python(periods, strict=False)}


def _values(row: ContractRow | MemberRow) -> dict[str, Any]:
    periods = row.waiting_periods
    return vars(row) | {"waiting_periods": None if periods is None else _PERIODS.dump_python(periods, mode="json")}


def _texts() -> sa.ARRAY[str]:
    return sa.ARRAY(sa.Text)


def _marks() -> sa.ARRAY[bytes]:
    return sa.ARRAY(sa.LargeBinary)


def _ids() -> sa.ARRAY[UUID]:
    return sa.ARRAY(sa.Uuid)
