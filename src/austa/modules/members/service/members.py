"""The use cases of `members`: find, show, tell what eligibility needs, verify a person, import."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase
from austa.infra.keys import Keys
from austa.infra.pages import LARGEST_PAGE, decode_cursor, encode_cursor
from austa.kernel import bitemporal
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.contracts import Page
from austa.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from austa.kernel.ids import MemberId, OperatorId, ProviderId, SubjectId
from austa.kernel.imports import ImportReport
from austa.kernel.personal import Personal, initials
from austa.modules.identity.api import Identity
from austa.modules.members import store
from austa.modules.members.api import (
    ConfirmedMember,
    EligibilityFacts,
    Member,
    MemberSummary,
    NewContract,
    NewMember,
    Served,
    StartedVerification,
    Told,
    bad_document,
    no_such_member,
    not_known_then,
)
from austa.modules.members.domain.contacts import Contact, choose_contact, phone_key
from austa.modules.members.domain.coverage import coverage_start
from austa.modules.members.domain.facts import Known, contract_on, facts_on
from austa.modules.members.domain.names import first_name
from austa.modules.members.domain.numbers import digits_of, is_card, is_cpf, normal_card
from austa.modules.members.domain.person import Person, represented_since
from austa.modules.members.domain.told import contracts_of, told_of
from austa.modules.members.service.confirming import Confirming
from austa.modules.members.service.csv_rows import read_sent
from austa.modules.members.service.history import History
from austa.modules.members.service.importing import Importing, Sent
from austa.modules.members.service.sealing import Sealing, subject_of
from austa.modules.members.store import ContractRow, MemberRow
from austa.modules.privacy.api import AccessReason, Privacy

ANSWER_FLOOR_S = 0.25
"""A verification is answered no sooner, so that the time does not tell whether the number is known."""
_AUDIT_ROLES = frozenset({"medical_auditor", "nurse_auditor", "technical_director"})


class MemberService:
    """Members of all operators, each within its own."""

    def __init__(
        self,
        database: ModuleDatabase,
        *,
        keys: Keys,
        access: Access,
        clock: Clock,
        identity: Identity,
        privacy: Privacy,
        answer_floor_s: float = ANSWER_FLOOR_S,
    ) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._identity = identity
        self._privacy = privacy
        self._answer_floor_s = answer_floor_s
        self._sealing = Sealing(keys)
        self._history = History(self._sealing)
        self._importing = Importing(database, self._sealing, self._history, clock)
        self._confirming = Confirming(database, access, self._sealing, privacy)

    # Finding and showing

    async def get(self, caller: Caller, member_id: MemberId) -> Member:
        """See `Members.get`. A look by staff is written down (LGPD art. 37)."""
        self._access.check(caller, "member:read", owner=str(member_id))
        row, contract = await self._find(caller, member_id)
        (person,) = await self._sealing.open(caller.operator_id, [(row.id, row.person)])
        if caller.kind == "staff":
            await self._privacy.record_access(caller, subject_of(member_id), "member", _why(caller), member_id)
        return _member(row, contract, person)

    async def summaries(self, caller: Caller, member_ids: tuple[MemberId, ...]) -> dict[MemberId, MemberSummary]:
        """See `Members.summaries`. Who may see the list was checked by the module that shows it."""
        async with self._database.transaction(caller) as tx:
            rows = await store.find_members(tx, member_ids)
        return {summary.id: summary for summary in await self._summaries(caller.operator_id, rows)}

    async def search(self, caller: Caller, words: str, cursor: str | None, limit: int) -> Page[MemberSummary]:
        self._access.check(caller, "member:read")
        limit = max(1, min(limit, LARGEST_PAGE))
        after = _place_after(cursor) if cursor else None
        numbers = self._number_marks(caller.operator_id, words)
        parts = self._sealing.name_tokens(caller.operator_id, words)
        if not numbers and not parts:
            raise Invalid("members.search_empty", "say a card number, a CPF, a telephone or parts of a name")
        async with self._database.transaction(caller) as tx:
            found = await store.search_members(tx, numbers, parts, after, limit + 1)
        shown = found[:limit]
        return Page(
            items=tuple(await self._summaries(caller.operator_id, shown)),
            next_cursor=encode_cursor(shown[-1].card_end, shown[-1].id) if len(found) > limit else None,
        )

    async def find_by_document(self, caller: Caller, digits: str) -> MemberId | None:
        """See `Members.find_by_document`. Raises `Invalid` `members.bad_document`."""
        cpf, card = digits_of(digits), normal_card(digits)
        if not is_cpf(cpf) and not is_card(card):
            raise bad_document()
        async with self._database.transaction(caller) as tx:
            found = await store.find_by_card(tx, self._sealing.card_mark(tx.operator_id, card))
            if found is None and is_cpf(cpf):
                mark = self._sealing.cpf_mark(tx.operator_id, cpf)
                found = await store.find_by_cpf(tx, mark, local_date(self._clock.now()))
        return found

    # What eligibility needs

    async def eligibility_facts(
        self, caller: Caller, member_id: MemberId, on: date, known_at: datetime | None = None
    ) -> EligibilityFacts:
        """See `Members.eligibility_facts`."""
        moment = known_at or self._clock.now()
        async with self._database.transaction(caller) as tx:
            found = await store.find_member(tx, member_id)
            if found is None:
                raise no_such_member()
            person = (await self._history.of_people(tx, [member_id]))[member_id]
            statements = bitemporal.known_at(person.versions, moment)
            contract_id = contract_on(statements, on)
            if contract_id is None:
                raise not_known_then()
            contract = (await self._history.of_contracts(tx, [contract_id]))[contract_id]
            restricting = [
                each for each in person.versions if each.statement.aspect == "restriction" and each.is_known_at(moment)
            ]
            restrictions = await self._history.open_restrictions(tx, person, restricting)
        known = Known(moment, statements, bitemporal.known_at(contract.versions, moment), restrictions)
        return facts_on(member_id, contract_id, on, known, synthetic=found[0].is_synthetic)

    async def told(self, caller: Caller, member_id: MemberId) -> tuple[Told, ...]:
        """See `Members.told`."""
        self._access.check(caller, "member:read")
        await self._find(caller, member_id)
        async with self._database.transaction(caller) as tx:
            person = (await self._history.of_people(tx, [member_id]))[member_id]
            contracts = await self._history.of_contracts(tx, contracts_of(person.versions))
        if caller.kind == "staff":
            await self._privacy.record_access(caller, subject_of(member_id), "member", _why(caller), member_id)
        versions = [*person.versions, *(each for words in contracts.values() for each in words.versions)]
        return tuple(told_of(each) for each in sorted(versions, key=lambda each: each.known_from, reverse=True))

    async def subject(self, caller: Caller, member_id: MemberId) -> SubjectId:
        """See `Members.subject`. Raises `NotFound` `members.no_such_member`."""
        row, _ = await self._find(caller, member_id)
        return subject_of(row.id)

    # Verifying a person

    async def start_verification(
        self, caller: Caller, key: str, digits: str, birth_date: date | None = None
    ) -> StartedVerification | None:
        """See `Members.start_verification`. Found or not, the answer takes the same time."""
        answer, _ = await asyncio.gather(
            self._start_verification(caller, key, digits, birth_date), asyncio.sleep(self._answer_floor_s)
        )
        return answer

    async def get_verification(self, caller: Caller, code_id: UUID) -> StartedVerification | None:
        """See `Members.get_verification`."""
        if caller.kind != "system":
            raise Forbidden("members.system_only", "only AUSTA itself may ask for this")
        async with self._database.transaction(caller) as tx:
            found = await store.find_verification(tx, code_id)
        if found is None:
            return None
        contact = await self._contact_of(caller, found.member_id)
        return await self._make_code(caller, found.key, found.member_id, contact) if contact else None

    async def check_verification(self, caller: Caller, key: str, code_id: str, code: str) -> MemberId | None:
        try:
            known_code = UUID(code_id)
        except ValueError:
            return None
        async with self._database.transaction(caller) as tx:
            member_id = await store.find_verified_member(tx, known_code)
        if member_id is None:
            return None
        try:
            correct = await self._identity.check_code(caller, key, known_code, Personal(code))
        except (NotFound, Conflict, TooMany):
            return None
        return member_id if correct else None

    async def served(self, caller: Caller, member_ids: tuple[MemberId, ...], on: date) -> tuple[Served, ...]:
        """See `Members.served`."""
        async with self._database.transaction(caller) as tx:
            verified = await store.find_members(tx, member_ids)
            wards = await store.find_wards(tx, member_ids, represented_since(on))
        verified.sort(key=lambda row: member_ids.index(row.id))
        known = {row.id for row in verified}
        rows = [row for row in (*verified, *(ward for ward in wards if ward.id not in known)) if not row.deceased_on]
        people = await self._sealing.open_living(caller.operator_id, [(row.id, row.person) for row in rows])
        return tuple(
            Served(
                member_id=row.id,
                first_name=Personal(first_name(people[row.id].name.reveal())),
                by=row.id if row.id in known or row.guardian_id is None else row.guardian_id,
            )
            for row in rows
            if row.id in people
        )

    # Confirming who stands at a provider's desk

    async def confirm(self, caller: Caller, digits: str, birth_date: date) -> ConfirmedMember:
        """See `Members.confirm`. Right or wrong, the answer takes the same time."""
        member_id = await self.find_by_document(caller, digits)
        answer, _ = await asyncio.gather(
            self._confirming.confirm(caller, member_id, birth_date),
            asyncio.sleep(self._answer_floor_s),
            return_exceptions=True,
        )
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def is_confirmed(self, caller: Caller, provider_id: ProviderId, member_id: MemberId) -> bool:
        return await self._confirming.is_confirmed(caller, provider_id, member_id)

    async def confirmed(
        self, caller: Caller, provider_id: ProviderId, member_ids: tuple[MemberId, ...]
    ) -> dict[MemberId, ConfirmedMember]:
        return await self._confirming.confirmed(caller, provider_id, member_ids)

    # Importing

    async def save(
        self, caller: Caller, contracts: tuple[NewContract, ...], people: tuple[NewMember, ...]
    ) -> ImportReport:
        """See `Members.save`. Lines in the report count as if both had come as files with a header."""
        self._access.check(caller, "member:import")
        sent = Sent(
            list(enumerate(contracts, start=2)), list(enumerate(people, start=2)), (), len(contracts) + len(people)
        )
        return await self._importing.save(caller, sent, dry_run=False)

    async def import_csv(
        self, caller: Caller, contracts: str | None, people: str | None, *, dry_run: bool
    ) -> ImportReport:
        self._access.check(caller, "member:import")
        if contracts is None and people is None:
            raise Invalid("members.nothing_to_import", "send contracts, members or both")
        sent = await asyncio.to_thread(read_sent, contracts, people)
        return await self._importing.save(caller, sent, dry_run=dry_run)

    # What the use cases are made of

    async def _find(self, caller: Caller, member_id: MemberId) -> tuple[MemberRow, ContractRow]:
        async with self._database.transaction(caller) as tx:
            found = await store.find_member(tx, member_id)
        if found is None:
            raise no_such_member()
        return found

    async def _start_verification(
        self, caller: Caller, key: str, digits: str, birth_date: date | None
    ) -> StartedVerification | None:
        try:
            member_id = await self.find_by_document(caller, digits)
        except Invalid:
            return None
        if member_id is None or (birth_date is not None and not await self._was_born(caller, member_id, birth_date)):
            return None
        contact = await self._contact_of(caller, member_id)
        if contact is None:
            return None
        started = await self._make_code(caller, key, member_id, contact)
        if started is not None:
            async with self._database.transaction(caller) as tx:
                await store.add_verification(tx, UUID(started.code_id), member_id, key)
        return started

    async def _was_born(self, caller: Caller, member_id: MemberId, birth_date: date) -> bool:
        row, _ = await self._find(caller, member_id)
        return row.birth_date == birth_date

    async def _make_code(
        self, caller: Caller, key: str, member_id: MemberId, contact: Contact
    ) -> StartedVerification | None:
        """The code of that key, made or made before."""
        try:
            started = await self._identity.start_code(caller, key, subject_of(member_id), "link_channel")
        except TooMany:
            return None  # "too many" would tell that the number is known
        return StartedVerification(
            code_id=str(started.id),
            member_id=member_id,
            code=started.code,
            channel=contact.channel,
            contact=Personal(contact.address),
            masked_contact=contact.masked,
        )

    async def _contact_of(self, caller: Caller, member_id: MemberId) -> Contact | None:
        """A contact of the person; of the guardian for who has none. Never of the holder: a code opens health data."""
        row, _ = await self._find(caller, member_id)
        own = await self._own_contact(caller.operator_id, row)
        if own is not None or row.guardian_id is None:
            return own
        guardian, _ = await self._find(caller, row.guardian_id)
        return await self._own_contact(caller.operator_id, guardian)

    async def _own_contact(self, operator_id: OperatorId, row: MemberRow) -> Contact | None:
        (person,) = await self._sealing.open(operator_id, [(row.id, row.person)])
        phones, emails = ([each.reveal() for each in kind] for kind in (person.phones, person.emails))
        return choose_contact(phones, emails)

    async def _summaries(self, operator_id: OperatorId, rows: Sequence[MemberRow]) -> list[MemberSummary]:
        """Who was erased is in no list."""
        people = await self._sealing.open_living(operator_id, [(row.id, row.person) for row in rows])
        return [
            MemberSummary(id=row.id, initials=initials(people[row.id].name.reveal()), card_end=row.card_end)
            for row in rows
            if row.id in people
        ]

    def _number_marks(self, operator_id: OperatorId, words: str) -> set[bytes]:
        """Marks of the card, CPF and telephone that the words may be."""
        cpf, card, phone = digits_of(words), normal_card(words), phone_key(words)
        marks = set()
        if is_card(card) and cpf:
            marks.add(self._sealing.card_mark(operator_id, card))
        if is_cpf(cpf):
            marks.add(self._sealing.cpf_mark(operator_id, cpf))
        if phone is not None:
            marks.add(self._sealing.phone_token(operator_id, phone))
        return marks


def _member(row: MemberRow, contract: ContractRow, person: Person) -> Member:
    return Member(
        id=row.id,
        name=person.name,
        birth_date=row.birth_date,
        sex=row.sex,
        cpf=person.cpf,
        cns=person.cns,
        card_number=person.card_number,
        card_end=row.card_end,
        relation=row.relation,
        holder_id=row.holder_id,
        guardian_id=row.guardian_id,
        contract_id=row.contract_id,
        plan_name=contract.plan_name,
        contract_started_on=coverage_start(contract.started_on, row.joined_on),
        phones=person.phones,
        emails=person.emails,
        is_synthetic=row.is_synthetic,
    )


def _why(caller: Caller) -> AccessReason:
    return "medical_audit" if caller.roles & _AUDIT_ROLES else "contract_execution"


def _place_after(cursor: str) -> tuple[str, UUID]:
    end, member_id = decode_cursor(cursor, 2)
    try:
        return end, UUID(member_id)
    except ValueError:
        raise Invalid("pages.cursor", "this cursor is not one of ours") from None
