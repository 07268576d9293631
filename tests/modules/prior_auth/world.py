"""The modules below `prior_auth` as tests need them: people, a network, papers, staff, links and what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from austa.kernel.actors import Caller, Role
from austa.kernel.errors import NotFound
from austa.kernel.ids import (
    DocumentId,
    MemberId,
    NotificationId,
    OperatorId,
    PrincipalId,
    ProviderId,
    SubjectId,
    derived_id,
    new_id,
)
from austa.kernel.personal import Personal
from austa.modules.documents.api import Document, DocumentClass, FieldName
from austa.modules.identity.api import AccessLink, CouncilRegistration, LinkTarget, Operator, Principal
from austa.modules.language.api.entities import Procedure
from austa.modules.members.api import (
    ConfirmedMember,
    EligibilityFacts,
    Member,
    MemberSummary,
    bad_document,
    no_such_member,
)
from austa.modules.notifications.api import VALUES, MemberRecipient, TemplateCode
from austa.modules.providers.api import LookedUp, PlacedProvider, Provider, Registration, Standing
from tests.conftest import TODAY
from tests.fakes.documents import read_field
from tests.fakes.privacy import FakePrivacy

BIRTH = date(1986, 1, 15)
CARD = "00371234567890123"


@dataclass
class PeopleHere:
    """`members`: one contract each; facts are changed by a test that needs it."""

    facts: dict[MemberId, EligibilityFacts] = field(default_factory=dict)
    guardians: dict[MemberId, MemberId] = field(default_factory=dict)
    """A member with a guardian has no telephone of their own."""

    holders: dict[MemberId, MemberId] = field(default_factory=dict)
    """Of dependants."""

    confirmations: set[tuple[ProviderId, MemberId]] = field(default_factory=set)
    """Who showed the card at which provider's desk today."""

    async def is_confirmed(self, caller: Caller, provider_id: ProviderId, member_id: MemberId) -> bool:
        return (provider_id, member_id) in self.confirmations

    async def confirmed(
        self, caller: Caller, provider_id: ProviderId, member_ids: tuple[MemberId, ...]
    ) -> dict[MemberId, ConfirmedMember]:
        return {
            each: ConfirmedMember(member_id=each, shown_name=Personal("Marina A. T."), card_end="0123")
            for each in member_ids
            if (provider_id, each) in self.confirmations
        }

    async def summaries(self, caller: Caller, member_ids: tuple[MemberId, ...]) -> dict[MemberId, MemberSummary]:
        return {each: MemberSummary(id=each, initials="MAT", card_end="0123") for each in member_ids}

    async def subject(self, caller: Caller, member_id: MemberId) -> SubjectId:
        self._get(member_id)
        return SubjectId(member_id)

    async def eligibility_facts(
        self, caller: Caller, member_id: MemberId, on: date, known_at: datetime | None = None
    ) -> EligibilityFacts:
        return self._get(member_id).model_copy(update={"on": on, "known_at": known_at})

    async def find_by_document(self, caller: Caller, digits: str) -> MemberId | None:
        """Everybody bears the same card here."""
        if not digits.isalnum():
            raise bad_document()
        return next(iter(self.facts)) if digits == CARD else None

    async def get(self, caller: Caller, member_id: MemberId) -> Member:
        facts = self._get(member_id)
        return Member(
            id=member_id,
            name=Personal("Marina Albuquerque Teles"),
            birth_date=BIRTH,
            sex=facts.sex,
            cpf=None,
            cns=None,
            card_number=Personal(CARD),
            card_end="0123",
            relation="dependent" if member_id in self.holders else "holder",
            holder_id=self.holders.get(member_id),
            guardian_id=self.guardians.get(member_id),
            contract_id=facts.contract_id,
            plan_name=facts.plan_name,
            contract_started_on=facts.contract_started_on,
            phones=() if member_id in self.guardians else (Personal("+5511900000001"),),
            emails=(),
            is_synthetic=True,
        )

    def _get(self, member_id: MemberId) -> EligibilityFacts:
        if member_id not in self.facts:
            raise no_such_member()
        return self.facts[member_id]


@dataclass
class NetworkHere:
    """`providers`: everybody known and in good standing, but for the numbers in `unknown`."""

    unknown: set[str] = field(default_factory=set)
    nothing_known_before: datetime | None = None

    async def requester_standing(self, caller: Caller, council: str, state: str, number: str, on: date) -> Standing:
        known = number not in self.unknown
        return Standing(known=known, in_good_standing=known, reason=None)

    async def provider_standing(self, caller: Caller, provider_id: ProviderId, on: date) -> Standing:
        return Standing(known=True, in_good_standing=True, reason=None)

    async def look_up(
        self,
        caller: Caller,
        requester: Registration | None,
        providers: frozenset[ProviderId],
        on: date,
        known_at: datetime | None = None,
    ) -> LookedUp:
        good = Standing(known=True, in_good_standing=True, reason=None)
        placed = [PlacedProvider(provider=await self.get(caller, each), standing=good) for each in providers]
        known = requester is None or requester.number not in self.unknown
        if known_at and self.nothing_known_before and known_at < self.nothing_known_before:
            placed, known = [], False
        standing = Standing(known=known, in_good_standing=known, reason=None) if requester else None
        return LookedUp(requester=standing, providers=tuple(placed))

    async def get(self, caller: Caller, provider_id: ProviderId) -> Provider:
        return Provider(
            id=provider_id,
            name="Laboratório Aurora",
            kind="laboratory",
            cnpj=None,
            cnes=None,
            city="São Paulo",
            state="SP",
            latitude=-23.5,
            longitude=-46.6,
            in_network=True,
            suspended=False,
            specialties=(),
            is_synthetic=True,
        )


@dataclass
class PapersHere:
    """`documents`: what a test put there."""

    kept: dict[DocumentId, Document] = field(default_factory=dict)

    def put(self, status: str = "read", *, handwritten: bool = False, subject: UUID | None = None) -> DocumentId:
        return self._put(status=status, handwritten=handwritten, subject=SubjectId(subject or new_id()))

    def put_signed(self, document_class: DocumentClass, number: str) -> DocumentId:
        """A paper with a physician's stamp of São Paulo."""
        stamp: dict[FieldName, str] = {"council": "CRM", "council_uf": "SP", "council_number": number}
        return self._put(
            document_class=document_class, fields=tuple(read_field(name, value) for name, value in stamp.items())
        )

    def _put(self, **what: Any) -> DocumentId:
        document_id = DocumentId(new_id())
        self.kept[document_id] = Document.model_validate(
            {
                "id": document_id,
                "subject": SubjectId(new_id()),
                "requested_by": "test",
                "source": "whatsapp",
                "media_type": "image/jpeg",
                "size_bytes": 1,
                "filename": None,
                "status": "read",
                "refusal": None,
                "document_class": "medical_order",
                "class_confidence": 0.9,
                "handwritten": False,
                "pages": (),
                "fields": (),
                "procedures": (),
                "duplicate_of": (),
                "created_at": TODAY,
                "read_at": TODAY,
                **what,
            }
        )
        return document_id

    def finish_reading(self, document_id: DocumentId) -> None:
        self.kept[document_id] = self.kept[document_id].model_copy(update={"status": "read"})

    async def get_many(self, caller: Caller, document_ids: Sequence[DocumentId]) -> tuple[Document, ...]:
        return tuple(self.kept[one] for one in document_ids if one in self.kept)

    async def page_image(
        self, caller: Caller, document_id: DocumentId, page: int, width: int, *, covered: bool = False
    ) -> bytes:
        return self.kept[document_id].id.bytes


class WordsHere:
    """`language`: TUSS knows every code but 99999999."""

    def get_procedure(self, tuss: str) -> Procedure | None:
        return None if tuss == "99999999" else Procedure(code=tuss, description="Procedimento", in_force=True)

    def has_doubtful_check_digit(self, tuss: str) -> bool:
        return tuss == "99999999"


@dataclass
class StaffHere:
    """`identity`: the operator, its staff, and links."""

    staff: dict[PrincipalId, Principal] = field(default_factory=dict)
    links: dict[str, LinkTarget] = field(default_factory=dict)
    confirmed: list[UUID] = field(default_factory=list)
    zone: str = "America/Sao_Paulo"

    def hire(self, *roles: Role, number: str | None = None) -> PrincipalId:
        principal_id = PrincipalId(new_id())
        council = CouncilRegistration(council="CRM", uf="SP", number=Personal(number)) if number else None
        self.staff[principal_id] = Principal(
            id=principal_id,
            name=Personal("Fernando Lobato Cruz"),
            email=Personal("diretor@demo.example"),
            roles=frozenset(roles),
            council=council,
            active=True,
        )
        return principal_id

    async def get_operator(self, caller: Caller) -> Operator:
        return Operator(id=caller.operator_id, ans_registry="999999", name="Demonstração", time_zone=self.zone)

    async def get_staff(self, caller: Caller, principal_id: PrincipalId) -> Principal:
        if principal_id not in self.staff:
            raise NotFound("identity.no_such_staff", "no such staff")
        return self.staff[principal_id]

    async def get_staff_many(self, caller: Caller, principal_ids: frozenset[PrincipalId]) -> tuple[Principal, ...]:
        return tuple(person for each, person in self.staff.items() if each in principal_ids)

    async def create_link(
        self, caller: Caller, member_id: MemberId, purpose: str, resource_id: UUID, expires_at: datetime
    ) -> AccessLink:
        link_id = derived_id("link", member_id, purpose, resource_id)
        token = link_id.hex
        self.links[token] = LinkTarget(
            link_id=link_id,
            operator_id=caller.operator_id,
            member_id=member_id,
            purpose=purpose,
            resource_id=resource_id,
            expires_at=expires_at,
        )
        return AccessLink(id=link_id, token=Personal(token), expires_at=expires_at)

    async def open_link(self, token: Personal) -> LinkTarget:
        target = self.links.get(token.reveal())
        if target is None:
            raise NotFound("identity.no_such_link", "no such link")
        return target

    async def confirm_link(self, caller: Caller, link_id: UUID) -> None:
        self.confirmed.append(link_id)


@dataclass
class Sent:
    """`notifications`: what was sent, once a key."""

    messages: dict[str, tuple[TemplateCode, dict[str, str]]] = field(default_factory=dict)
    told: list[MemberId] = field(default_factory=list)

    async def notify(
        self,
        caller: Caller,
        key: str,
        to: MemberRecipient,
        template: TemplateCode,
        values: Mapping[str, Personal],
        *,
        preferred: str | None = None,
        requested_at: datetime | None = None,
    ) -> NotificationId:
        assert values.keys() == VALUES[template]
        assert to.phone or to.email
        self.told.append(to.member_id)
        self.messages.setdefault(key, (template, {name: value.reveal() for name, value in values.items()}))
        return NotificationId(derived_id(key))

    @property
    def templates(self) -> list[TemplateCode]:
        return [template for template, _ in self.messages.values()]


@dataclass
class World:
    """All of them, for one operator."""

    operator_id: OperatorId
    members: PeopleHere = field(default_factory=PeopleHere)
    providers: NetworkHere = field(default_factory=NetworkHere)
    documents: PapersHere = field(default_factory=PapersHere)
    terminology: WordsHere = field(default_factory=WordsHere)
    identity: StaffHere = field(default_factory=StaffHere)
    notifications: Sent = field(default_factory=Sent)
    privacy: FakePrivacy = field(default_factory=FakePrivacy)
