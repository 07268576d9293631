"""Loads the demo through the modules' doors, as an operator's systems and channels would. Idempotent."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from austa.bench.graph.webhooks import phone_of
from austa.demo.attendance import demo_answers, demo_roster
from austa.demo.days import first_day
from austa.demo.orders.render import PaperShelf
from austa.demo.people import demo_world
from austa.demo.places import DEMO_NUMBER
from austa.demo.shapes import DemoContract, DemoMember, DemoPaper, DemoRequest, DemoStaff, DemoWorld
from austa.demo.staff import SIGN_IN_WORD
from austa.demo.tiebreakers import TIEBREAKERS
from austa.kernel.actors import Caller
from austa.kernel.clock import BRASILIA
from austa.kernel.ids import MemberId, OperatorId
from austa.kernel.personal import Personal
from austa.modules.identity.api import CouncilRegistration, NewStaff, Principal
from austa.modules.members.api import (
    NewContract,
    NewMember,
    PreexistingRestriction,
    WaitingKind,
    WaitingPeriod,
)
from austa.modules.prior_auth.api.refunds import Receipt, Refund
from austa.modules.prior_auth.api.requests import (
    AskedItem,
    AskedMaterial,
    AttachedDocument,
    AuthorizationAsked,
    DocumentKind,
    IndicationFact,
    Requester,
)
from austa.modules.providers.api import NewProfessional, NewProvider, Provider
from austa.runtime.compose import House

NOT_LINKED = frozenset({"marina"})
"""Members whose phone is not linked, so that the demo shows identification by card or CPF and a code."""

KNOWN_FACTS = frozenset(
    {
        "trauma",
        "positive_examination",
        "conservative_care_weeks",
        "biometry",
        "biopsy_positive",
        "tomography",
        "bmi",
    }
)
"""Facts of the demo that the coverage pack reads; the others are for reading only."""


async def load_demo(house: House, tell: Callable[[str], None]) -> None:
    """Load people, network, papers and the twenty requests; workers do the rest. A second load changes nothing."""
    folder = house.platform.settings.data / "demo"
    world = demo_world(first_day(folder, house.platform.clock))
    operator = await house.identity.ensure_operator(world.operator.ans_registration, world.operator.name)
    caller = Caller.system(operator.id, "demo")
    await house.clocks.set_state(caller, "SP")
    await house.providers.save(caller, _providers(world), _professionals(world))
    staff = {}
    for person in world.staff:
        place = world.provider(person.provider_key) if person.provider_key else None
        known = await house.providers.find_by_code(caller, place.cnpj) if place else None
        staff[person.key] = await house.identity.ensure_staff(caller, _staff(person, known), Personal(SIGN_IN_WORD))
    await house.tiebreakers.save(caller, TIEBREAKERS)
    tell(f"{len(world.staff)} staff, {len(TIEBREAKERS)} physicians for tie-breaks")
    await house.chat.add_number(caller, DEMO_NUMBER.id)
    await _attend(house, operator.id, staff)
    await house.members.save(caller, _contracts(world), _members(world))
    members = await _find_members(house, caller, world)
    for member in world.members:
        if member.phone and member.key not in NOT_LINKED:
            phone = phone_of(member.phone)
            await house.chat.link(caller, DEMO_NUMBER.id, "wa_id", phone, members[member.key])
    tell(f"{len(members)} members, {len(world.providers)} providers")
    shelf = PaperShelf(world, folder / "papers")
    for request in sorted(world.requests, key=lambda one: (one.asked_on, one.key)):
        await _ask(house, caller, world, request, members, shelf)
        tell(f"request {request.number or request.key}")


async def _attend(house: House, operator_id: OperatorId, staff: Mapping[str, Principal]) -> None:
    """The roster and the canned answers, as the coordinator wrote them; what was changed since stays."""
    coordinator = staff["coordinator"]
    caller = Caller(operator_id=operator_id, kind="staff", id=str(coordinator.id), roles=coordinator.roles)
    if (await house.duty.roster(caller)).version == 0:
        await house.duty.save(caller, demo_roster(staff), 0)
    if not await house.canned_answers.list(caller):
        for answer in demo_answers(caller.operator_id):
            await house.canned_answers.save(caller, answer)


async def _ask(
    house: House,
    caller: Caller,
    world: DemoWorld,
    request: DemoRequest,
    members: Mapping[str, MemberId],
    shelf: PaperShelf,
) -> None:
    """Hand in the papers, then ask, as a provider's system would."""
    member_id = members[request.member_key]
    subject = await house.members.subject(caller, member_id)
    attached = []
    for paper in request.papers:
        key = f"demo:{request.key}:{paper.name}"
        name = Personal(paper.name)
        kept = await house.documents.submit(caller, key, shelf.take(paper.name), "demo", subject, filename=name)
        attached += [AttachedDocument(kind=kind, document_id=kept.id) for kind in _paper_kinds(paper)]
    providers = {
        key: found.id
        for key in {request.provider_key, *(item.provider_key for item in request.items)} - {None}
        if key and (found := await house.providers.find_by_code(caller, world.provider(key).cnpj)) is not None
    }
    asked = AuthorizationAsked(
        member_id=member_id,
        channel="demo",
        asked_at=_asked_at(request, world.today),
        character="urgent" if request.character == "urgency" else "elective",
        kind="reimbursement" if request.kind == "reimbursement" else "care",
        items=tuple(
            AskedItem(
                tuss=item.code,
                description=item.description,
                quantity=item.quantity,
                laterality="both" if item.laterality == "bilateral" else item.laterality,
                amount=item.unit_value.times(item.quantity),
                provider_id=providers.get(item.provider_key) if item.provider_key else None,
                scheduled_at=item.performed_at,
            )
            for item in request.items
        ),
        materials=tuple(
            AskedMaterial(
                description=material.description,
                quantity=material.quantity,
                unit_price=material.unit_value,
                maker=", ".join(material.makers) or None,
            )
            for material in request.materials
        ),
        cids=tuple(Personal(cid) for cid in request.cids),
        indication=Personal(request.indication) if request.indication else None,
        facts=tuple(
            IndicationFact(name=name, value=value)
            for name, value in request.structured.items()
            if name in KNOWN_FACTS and isinstance(value, bool | int)
        ),
        requester=_requester(world, request),
        provider_id=providers.get(request.provider_key) if request.provider_key else None,
        documents=tuple(attached),
        refund=_refund(world, request),
        court_case=request.court_case,
        regulator_complaint=request.regulator_complaint,
    )
    await house.prior_auth.request(caller, f"demo:{request.key}", asked)


def _asked_at(request: DemoRequest, today: date) -> datetime:
    """Nine in the morning of the day it was asked on; on the demo's first day its beginning, which is never to come.

    Not `now`: a second load must ask the same.
    """
    return datetime.combine(request.asked_on, time(9) if request.asked_on < today else time(0), BRASILIA)


def _paper_kinds(paper: DemoPaper) -> tuple[DocumentKind, ...]:
    """What a paper counts as; a court's ruling comes in with the report."""
    return ("report",) if paper.kind == "ruling" else (paper.kind,)


def _requester(world: DemoWorld, request: DemoRequest) -> Requester | None:
    if request.requester_key is None:
        return None
    person = world.professional(request.requester_key)
    return Requester(
        name=Personal(person.name), council=person.council, uf=person.council_state, number=person.council_number
    )


def _refund(world: DemoWorld, request: DemoRequest) -> Refund | None:
    if request.kind != "reimbursement":
        return None
    provider = world.provider(request.provider_key) if request.provider_key else None
    ceiling = world.contract(world.member(request.member_key).contract_key).consultation_refund_ceiling
    return Refund(
        receipts=tuple(
            Receipt(
                number=int(item.receipt_number or 0),
                issued_on=item.performed_at.date() if item.performed_at else request.asked_on,
                amount=item.unit_value,
                issuer=Personal(provider.cnpj if provider else "—"),
            )
            for item in request.items
        ),
        ceiling=ceiling,
        account_of="someone_else",
    )


async def _find_members(house: House, caller: Caller, world: DemoWorld) -> dict[str, MemberId]:
    found = {}
    for member in world.members:
        member_id = await house.members.find_by_document(caller, member.card_number)
        assert member_id is not None
        found[member.key] = member_id
    return found


def _staff(person: DemoStaff, provider: Provider | None) -> NewStaff:
    council = None
    if person.council:
        name, uf, number = person.council
        council = CouncilRegistration.model_validate({"council": name, "uf": uf, "number": number})
    return NewStaff(
        email=Personal(person.email),
        name=Personal(person.name),
        roles=frozenset(person.roles),
        council=council,
        provider_id=provider.id if provider else None,
    )


def _contracts(world: DemoWorld) -> tuple[NewContract, ...]:
    return tuple(
        NewContract(
            number=contract.number,
            plan_name=contract.product_name,
            ans_product=contract.product_registration,
            segmentation=contract.segmentation,
            coverage_area=contract.coverage_area,
            coverage_states=contract.coverage_states,
            status="active",
            started_on=contract.started_on,
            ended_on=None,
            waiting_periods=_waiting_periods(contract),
        )
        for contract in world.contracts
    )


def _waiting_periods(contract: DemoContract) -> tuple[WaitingPeriod, ...]:
    days: dict[WaitingKind, int] = {
        "urgency": contract.waiting_urgency_days,
        "other": contract.waiting_general_days,
        "birth": contract.waiting_birth_days,
    }
    clause = "Cláusula de carências do contrato"
    return tuple(
        WaitingPeriod(kind=kind, ends_on=contract.started_on + timedelta(days=count), clause=clause)
        for kind, count in days.items()
    )


def _members(world: DemoWorld) -> tuple[NewMember, ...]:
    return tuple(_member(world, member) for member in world.members)


def _member(world: DemoWorld, member: DemoMember) -> NewMember:
    holder = world.member(member.holder_key) if member.holder_key else None
    guardian = world.member(member.guardian_key) if member.guardian_key else None
    return NewMember(
        contract_number=world.contract(member.contract_key).number,
        card_number=Personal(member.card_number),
        card_valid_until=member.card_valid_until,
        name=Personal(member.name),
        birth_date=member.birth_date,
        sex=member.sex,
        cpf=Personal(member.cpf),
        cns=Personal(member.cns),
        relation=member.role,
        holder_card=Personal(holder.card_number) if holder else None,
        guardian_card=Personal(guardian.card_number) if guardian else None,
        joined_on=member.enrolled_on,
        excluded_on=None,
        phones=(Personal(member.phone),) if member.phone else (),
        emails=(Personal(member.email),) if member.email else (),
        restrictions=tuple(
            PreexistingRestriction(declared=Personal(p.description), cids=p.cids, ends_on=p.partial_coverage_until)
            for p in member.preexisting
        ),
        is_synthetic=True,
    )


def _providers(world: DemoWorld) -> tuple[NewProvider, ...]:
    return tuple(
        NewProvider(
            code=provider.key,
            name=provider.name,
            kind=provider.kind,
            cnpj=provider.cnpj,
            cnes=provider.cnes,
            city=provider.municipality,
            state=provider.state,
            latitude=None,
            longitude=None,
            in_network=provider.is_in_network,
            suspended=False,
            specialties=(),
            is_synthetic=True,
        )
        for provider in world.providers
    )


def _professionals(world: DemoWorld) -> tuple[NewProfessional, ...]:
    return tuple(
        NewProfessional.model_validate(
            {
                "name": person.name,
                "council": person.council,
                "state": person.council_state,
                "number": person.council_number,
                "specialties": (person.specialty,),
                "active": True,
                "is_synthetic": True,
            }
        )
        for person in world.professionals
    )
