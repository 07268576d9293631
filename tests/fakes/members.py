"""The part of `members` that chat asks: a few people, and one code for all."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from austa.kernel.actors import Caller
from austa.kernel.errors import TooMany
from austa.kernel.ids import ContractId, MemberId, SubjectId, derived_id, new_id
from austa.kernel.personal import Personal
from austa.modules.members.api import Member, MemberSummary, Served, StartedVerification, no_such_member

CODE = "482913"


def a_member(name: str = "Beatriz Amaral Fontes", cpf: str = "52998224725", card: str = "900100000000011") -> Member:
    return Member(
        id=MemberId(new_id()),
        name=Personal(name),
        birth_date=date(1958, 3, 4),
        sex="F",
        cpf=Personal(cpf),
        cns=None,
        card_number=Personal(card),
        card_end=card[-4:],
        relation="holder",
        holder_id=None,
        guardian_id=None,
        contract_id=ContractId(new_id()),
        plan_name="Essencial",
        contract_started_on=date(2020, 1, 1),
        phones=(Personal("+5511900000001"),),
        emails=(),
        is_synthetic=True,
    )


@dataclass
class FakeMembers:
    """People by id; every code is `CODE`."""

    people: dict[MemberId, Member] = field(default_factory=dict)
    started: dict[str, MemberId] = field(default_factory=dict)
    too_many: bool = False
    made: dict[UUID, StartedVerification] = field(default_factory=dict)
    """Codes of people who sign in."""

    def add(self, member: Member) -> Member:
        self.people[member.id] = member
        return member

    async def get(self, caller: Caller, member_id: MemberId) -> Member:
        if member_id not in self.people:
            raise no_such_member()
        return self.people[member_id]

    async def summaries(self, caller: Caller, member_ids: tuple[MemberId, ...]) -> dict[MemberId, MemberSummary]:
        found = [self.people[member_id] for member_id in member_ids if member_id in self.people]
        return {each.id: MemberSummary(id=each.id, initials=_initials(each), card_end=each.card_end) for each in found}

    async def get_verification(self, caller: Caller, code_id: UUID) -> StartedVerification | None:
        return self.made.get(code_id)

    async def served(self, caller: Caller, member_ids: tuple[MemberId, ...], on: date) -> tuple[Served, ...]:
        verified = [self.people[member_id] for member_id in member_ids if member_id in self.people]
        children = [m for m in self.people.values() if m.guardian_id in member_ids and (on - m.birth_date).days < 5844]
        return tuple(
            Served(
                member_id=each.id,
                first_name=Personal(each.name.reveal().split()[0]),
                by=each.id if each in verified else each.guardian_id or each.id,
            )
            for each in (*verified, *(child for child in children if child not in verified))
        )

    async def find_by_document(self, caller: Caller, digits: str) -> MemberId | None:
        return next((each.id for each in self.people.values() if each.card_number.reveal() == digits), None)

    async def subject(self, caller: Caller, member_id: MemberId) -> SubjectId:
        return SubjectId(member_id)

    async def start_verification(self, caller: Caller, key: str, digits: str) -> StartedVerification | None:
        if self.too_many:
            raise TooMany("identity.too_many_codes", "too many codes")
        for member in self.people.values():
            if digits in {member.card_number.reveal(), member.cpf.reveal() if member.cpf else None}:
                code_id = str(derived_id("fake.code", key))
                self.started[code_id] = member.id
                contact = member.phones[0]
                return StartedVerification(
                    code_id=code_id,
                    member_id=member.id,
                    code=Personal(CODE),
                    channel="sms",
                    contact=contact,
                    masked_contact="•••0001",
                )
        return None

    async def check_verification(self, caller: Caller, key: str, code_id: str, code: str) -> MemberId | None:
        return self.started.get(code_id) if code == CODE else None


def _initials(member: Member) -> str:
    return "".join(f"{word[0]}." for word in member.name.reveal().split())
