"""The demo world is whole, valid, synthetic, and relative to the day of loading."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiss import tuss
from validate_docbr import CNPJ, CNS, CPF

from austa.demo.identifiers import synthetic_cnpj, synthetic_cns, synthetic_cpf
from austa.demo.people import OPERATOR, demo_world, phone_owners
from austa.demo.shapes import DemoRequest

TODAY = date(2026, 11, 22)
WORLD = demo_world(TODAY)
EVERY_REQUEST = (*WORLD.requests, *WORLD.samples)
DAYS = st.dates(date(2026, 11, 1), date(2030, 12, 31))

# number, member, age, amount in reais, letters of the papers, best outcome, as the list of demo requests has them
LISTED = [
    (1, "Marina Albuquerque Teles", 34, 78, "order", "AUTO"),
    (2, "João Batista Cordeiro", 58, 32, "order", "AUTO"),
    (3, "Lívia Prado Nakamura", 27, 190, "order", "AUTO"),
    (4, "Severino Lopes Damasceno", 46, 980, "order report", "AUTO"),
    (5, "Severino Lopes Damasceno", 46, 1050, "order", "AUDIT"),
    (6, "Iracema Figueira Sá", 71, 3900, "order finding exam", "AUTO"),
    (7, "Caio Ferraz Monteverde", 39, 8600, "order exam", "ADMIN"),
    (8, "Caio Ferraz Monteverde", 39, 11400, "finding exam", "URG"),
    (9, "Priscila Gouveia Ramos", 31, 7200, "order consent", "ADMIN"),
    (10, "Eduarda Klein Bortoluzzi", 42, 24500, "order report", "PEND"),
    (11, "Ronaldo Sena Quirino", 55, 86000, "order report image quote", "PEND"),
    (12, "Ronaldo Sena Quirino", 55, 148000, "order", "AUDIT"),
    (13, "Hélio Tavares Brandão", 63, 4800, "order report exam", "AUTO"),
    (14, "Sílvia Rocha Menegotto", 49, 18900, "order report finding", "AUDIT"),
    (15, "Theo Vasconcelos Lira", 6, 2400, "order report", "AUTO"),
    (16, "Geraldo Mota Pimentel", 67, 52000, "order report image quote", "AUDIT"),
    (17, "Antônia Bezerra Cunha", 52, 96, "order", "PEND"),
    (18, "Otávio Duarte Pacheco", 45, 1920, "receipt", "MANUAL"),
    (19, "Wagner Teodoro Assis", 44, 1900, "order", "AUDIT"),
    (20, "Beatriz Nogueira Falcão", 36, 21000, "order report image", "AUDIT"),
]


def age(birth_date: date, today: date) -> int:
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


@given(today=DAYS)
def test_the_twenty_requests_are_the_listed_ones_on_any_day(today: date) -> None:
    world = demo_world(today)

    for number, name, years, reais, papers, outcome in LISTED:
        request = world.requests[number - 1]
        member = world.member(request.member_key)
        assert (request.number, member.name, age(member.birth_date, today)) == (number, name, years)
        assert request.amount.reais == reais, name
        assert {paper.kind for paper in request.papers} == set(papers.split()), name
        assert request.outcomes[0] == outcome, name
        assert request.reason, name


def test_plans_are_as_old_as_their_waiting_periods_need() -> None:
    def days(key: str, number: int) -> int:
        return (WORLD.requests[number - 1].asked_on - WORLD.member(key).enrolled_on).days

    assert days("caio", 7) == 70
    assert days("caio", 8) == 72
    assert days("priscila", 9) == 210
    assert days("severino", 5) - days("severino", 4) == 20


def test_a_declared_condition_is_inside_its_24_months() -> None:
    condition = WORLD.member("geraldo").preexisting[0]

    assert condition.declared_on < TODAY < condition.partial_coverage_until
    assert round((TODAY - condition.declared_on).days / 30.4) == 14


def test_documents_of_people_have_right_check_digits_and_belong_to_one_person() -> None:
    assert all(CPF().validate(member.cpf) and CNS().validate(member.cns) for member in WORLD.members)
    assert all(len(member.card_number) <= 20 and member.is_synthetic for member in WORLD.members)
    for numbers in ("cpf", "cns", "card_number"):
        assert len({getattr(member, numbers) for member in WORLD.members}) == len(WORLD.members)


@given(serial=st.integers(0, 9999))
def test_any_synthetic_number_is_valid(serial: int) -> None:
    assert CPF().validate(synthetic_cpf(serial))
    assert CNPJ().validate(synthetic_cnpj(serial))
    assert CNS().validate(synthetic_cns(serial))


def test_every_phone_is_a_demo_phone_of_one_owner() -> None:
    everyone = [member.phone for member in WORLD.members] + [provider.phone for provider in WORLD.providers]
    phones = [phone for phone in everyone if phone]

    assert all(re.fullmatch(r"\+5511900000\d{3}", phone) for phone in phones)
    assert len(set(phones)) == len(phones)


def test_children_have_a_guardian_and_no_phone() -> None:
    children = [member for member in WORLD.members if age(member.birth_date, TODAY) < 18]

    assert {child.key for child in children} == {"theo", "enzo"}
    assert all(child.guardian_key and child.holder_key and child.phone is None for child in children)


def test_every_reference_leads_somewhere() -> None:
    for member in WORLD.members:
        assert WORLD.contract(member.contract_key).started_on <= member.enrolled_on
        assert member.holder_key is None or WORLD.member(member.holder_key).contract_key == member.contract_key
    for professional in WORLD.professionals:
        WORLD.provider(professional.provider_key)
    for request in EVERY_REQUEST:
        WORLD.member(request.member_key)
        assert request.provider_key is not None
        WORLD.provider(request.provider_key)
        for key in (request.requester_key, *(paper.signed_by for paper in request.papers)):
            assert key is None or WORLD.professional(key)
    assert all(WORLD.member(chat.member_key).phone for chat in WORLD.chats)


def test_providers_have_valid_distinct_cnpj_and_the_operator_is_the_demo_one() -> None:
    numbers = [OPERATOR.cnpj, *(provider.cnpj for provider in WORLD.providers)]

    assert all(CNPJ().validate(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert OPERATOR.ans_registration == "999999"


def test_every_provider_has_a_place_and_the_card_lending_case_is_far_apart() -> None:
    assert all(-34 < provider.position[0] < 6 for provider in WORLD.providers)
    north, south = WORLD.provider("manaus").position, WORLD.provider("porto-alegre").position
    assert abs(north[0] - south[0]) * 111 > 150


def test_professionals_and_staff_are_not_each_other() -> None:
    registrations = [professional.registration for professional in WORLD.professionals]
    staff = [f"{person.council[0]}-{person.council[1]} {person.council[2]}" for person in WORLD.staff if person.council]

    assert len(set(registrations + staff)) == len(registrations + staff)
    auditors = [person for person in WORLD.staff if "medical_auditor" in person.roles]
    assert all(person.council and person.council[0] == "CRM" for person in auditors)


@pytest.mark.parametrize("request_", EVERY_REQUEST, ids=lambda request: request.key)
def test_every_code_is_a_current_tuss_code(request_: DemoRequest) -> None:
    for item in request_.items:
        assert tuss.lookup(item.code, tabela=item.table, include_expired=False, today=TODAY), item.code


@pytest.mark.parametrize("request_", EVERY_REQUEST, ids=lambda request: request.key)
def test_every_request_has_papers_dated_before_it(request_: DemoRequest) -> None:
    assert request_.papers
    assert all(paper.issued_on <= request_.asked_on <= TODAY for paper in request_.papers)
    assert all(re.fullmatch(r"[A-Z]\d{2}(\.\d)?", cid) for cid in request_.cids)


def test_paper_names_are_unique() -> None:
    names = [paper.name for request in EVERY_REQUEST for paper in request.papers]

    assert len(set(names)) == len(names)


def test_the_court_case_number_has_right_check_digits() -> None:
    case = next(request.court_case for request in WORLD.requests if request.court_case)
    assert case is not None
    serial, check, year, segment, court, office = re.split(r"[-.]", case)

    assert int(f"{serial}{year}{segment}{court}{office}{check}") % 97 == 1


def test_the_members_of_the_main_journey_have_no_earlier_request() -> None:
    busy = {request.member_key for request in WORLD.requests}

    assert not busy & {request.member_key for request in WORLD.samples}


def test_the_phone_page_begins_with_the_members_who_have_something_to_say() -> None:
    owners = phone_owners(WORLD)

    assert owners[0].says
    assert len(owners) == sum(member.phone is not None for member in WORLD.members)
    rosangela = next(owner for owner in owners if owner.name == "Rosângela Pires Amaral")
    assert rosangela.photos[0].name == "pedido-ressonancia-joelho.jpg"
