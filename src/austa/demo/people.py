"""The demo operator: its staff, members, network and requests as of a day. All people are fictitious.

A loader keeps the day of the first load and passes it again, so that a second load finds the same world.
"""

from datetime import date

from austa.bench.graph.webhooks import phone_of
from austa.demo.extras import demo_chats, extra_requests, sample_requests
from austa.demo.identifiers import synthetic_cnpj
from austa.demo.members import ANS_REGISTRATION, demo_contracts, demo_members
from austa.demo.network import PROFESSIONALS, PROVIDERS
from austa.demo.phone import PhoneOwner, SamplePhoto
from austa.demo.requests.catalog import demo_requests
from austa.demo.shapes import DemoOperator, DemoWorld
from austa.demo.staff import STAFF

OPERATOR = DemoOperator(
    name="Operadora Demonstração",
    trade_name="Demonstração Saúde",
    ans_registration=ANS_REGISTRATION,
    cnpj=synthetic_cnpj(0),
)


def demo_world(today: date) -> DemoWorld:
    """Everything, with ages and dates relative to `today`."""
    members = demo_members(today)
    return DemoWorld(
        today=today,
        operator=OPERATOR,
        staff=STAFF,
        contracts=demo_contracts(members),
        members=members,
        providers=PROVIDERS,
        professionals=PROFESSIONALS,
        requests=(*demo_requests(today), *extra_requests(today)),
        samples=sample_requests(today),
        chats=demo_chats(),
    )


def phone_owners(world: DemoWorld) -> tuple[PhoneOwner, ...]:
    """Who can be tried on the phone page: those with something to say first, then everybody with a phone."""
    chats = {chat.member_key: chat.says for chat in world.chats}
    people = sorted((m for m in world.members if m.phone), key=lambda member: member.key not in chats)
    return tuple(
        PhoneOwner(
            phone=phone_of(member.phone or ""),
            name=member.name,
            about=f"{_age(member.birth_date, world.today)} anos, cartão {member.card_number}",
            says=chats.get(member.key, ()),
            photos=_photos_of(world, member.key),
        )
        for member in people
    )


def _photos_of(world: DemoWorld, member_key: str) -> tuple[SamplePhoto, ...]:
    requests = [request for request in (*world.samples, *world.requests) if request.member_key == member_key]
    return tuple(SamplePhoto(paper.name, paper.title) for request in requests for paper in request.papers)


def _age(birth_date: date, today: date) -> int:
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
