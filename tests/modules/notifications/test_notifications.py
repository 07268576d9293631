"""Notifications at the door: told once, on a channel that works, and seen on the outbox page."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Literal
from uuid import uuid4

import pytest
import pytest_asyncio

from austa.infra.outbox import Handler
from austa.infra.platform import Platform
from austa.infra.settings import Settings
from austa.kernel.actors import Caller
from austa.kernel.clock import SetClock
from austa.kernel.errors import Forbidden, Invalid, NotFound, Unavailable
from austa.kernel.ids import MemberId, NotificationId, OperatorId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat import events as chat
from austa.modules.identity.api import NewStaff
from austa.modules.identity.module import build as build_identity
from austa.modules.identity.service.identity import IdentityService
from austa.modules.members.api import StartedVerification
from austa.modules.members.events import SignInCodeDue
from austa.modules.notifications.adapters.mail import Mail
from austa.modules.notifications.api import MemberRecipient, OutboxMessage, TemplateCode
from austa.modules.notifications.module import build
from austa.modules.notifications.service import NotificationsService
from tests.conftest import TODAY, deliver, drain, staff
from tests.fakes.members import FakeMembers
from tests.fakes.smtp import FakeMailServer
from tests.modules.notifications.test_templates import example

PHONE, EMAIL = Personal("+5511900000001"), Personal("maria@austa.example")


@pytest.fixture
def identity(platform: Platform) -> IdentityService:
    return build_identity(platform)[0]


@pytest_asyncio.fixture
async def house(identity: IdentityService) -> Caller:
    registry = f"{uuid4().int % 1_000_000:06d}"
    return Caller.system((await identity.ensure_operator(registry, "Operadora de Teste")).id, "test")


@pytest_asyncio.fixture
async def mail_server() -> AsyncIterator[FakeMailServer]:
    server = FakeMailServer()
    yield server
    await server.stop()


class House:
    """Notifications with its handlers subscribed."""

    def __init__(self, platform: Platform, identity: IdentityService) -> None:
        self.platform = platform
        self.members = FakeMembers()
        self.service, wired = build(platform, identity=identity, members=self.members)
        self.handlers: list[Handler] = list(wired.handlers)
        if not platform.database.routes:
            deliver(platform, self.handlers)

    async def settle(self) -> None:
        await drain(self.platform, self.handlers)

    async def whatsapp_says(
        self, caller: Caller, *events: chat.NotificationDelivered | chat.NotificationFailed
    ) -> None:
        async with self.platform.database.for_module("chat").transaction(caller) as tx:
            await tx.publish(*events)
        await self.settle()


def with_settings(platform: Platform, **changes: object) -> Platform:
    kept = platform.settings.model_dump()
    return replace(platform, settings=Settings.model_validate({**kept, **changes}))


@pytest.fixture
def demo(platform: Platform, identity: IdentityService) -> House:
    return House(platform, identity)


def member(*, phone: Personal | None = PHONE, email: Personal | None = EMAIL) -> MemberRecipient:
    return MemberRecipient(member_id=MemberId(new_id()), phone=phone, email=email)


def values(code: TemplateCode) -> dict[str, Personal]:
    return {name: Personal(value) for name, value in example(code).items()}


async def tell(
    service: NotificationsService,
    caller: Caller,
    code: TemplateCode = "authorization_approved",
    to: MemberRecipient | None = None,
) -> NotificationId:
    return await service.notify(caller, f"request:{uuid4()}", to or member(), code, values(code))


async def outbox(service: NotificationsService, caller: Caller) -> list[OutboxMessage]:
    return list((await service.list_outbox(caller)).items)


async def test_a_repeated_call_tells_once(demo: House, house: Caller) -> None:
    to = member()
    first = await demo.service.notify(house, "request:1", to, "authorization_decided", values("authorization_decided"))
    second = await demo.service.notify(house, "request:1", to, "authorization_decided", values("authorization_decided"))
    assert first == second
    assert len(await outbox(demo.service, house)) == 1


async def test_chat_gets_words_and_template_for_whatsapp(demo: House, house: Caller) -> None:
    to = member()
    message = await demo.service.get_message(house, await tell(demo.service, house, to=to))
    assert (message.member_id, message.phone) == (to.member_id, PHONE)
    assert message.text.reveal().startswith("Seu pedido foi autorizado.")
    assert (message.template_name, message.template_language) == ("austa_authorization_approved_v2", "pt_BR")
    assert message.template_parameters[0] == Personal("20261121000001")


async def test_reports_of_whatsapp_are_kept_in_order(demo: House, house: Caller) -> None:
    told = await tell(demo.service, house)
    reports: tuple[Literal["sent", "delivered", "read"], ...] = ("sent", "read", "delivered")
    for status in reports:
        await demo.whatsapp_says(house, chat.NotificationDelivered(notification_id=told, status=status))
    [shown] = await outbox(demo.service, house)
    assert (shown.channel, shown.state) == ("whatsapp", "read")


async def test_when_whatsapp_fails_a_mail_is_sent(
    platform: Platform, identity: IdentityService, house: Caller, mail_server: FakeMailServer
) -> None:
    settled = House(with_settings(platform, smtp_url=await mail_server.start()), identity)
    told = await tell(settled.service, house)
    await settled.whatsapp_says(house, _failed(told))
    [mail] = mail_server.mails
    assert (mail["To"], mail["Subject"]) == ("maria@austa.example", "Seu pedido foi autorizado")
    assert mail["Message-ID"] == f"<{told}@localhost>"
    assert "Senha: A1B2C3" in mail.get_content()
    [shown] = await outbox(settled.service, house)
    assert (shown.channel, shown.state, shown.reason) == ("email", "sent", "graph_131026")
    await settled.whatsapp_says(house, _failed(told))
    assert len(mail_server.mails) == 1


async def test_a_refused_mail_falls_back_to_sms(
    platform: Platform, identity: IdentityService, house: Caller, mail_server: FakeMailServer
) -> None:
    mail_server.answer_to_recipient = "550 no such mailbox"
    settled = House(with_settings(platform, smtp_url=await mail_server.start()), identity)
    await settled.whatsapp_says(house, _failed(await tell(settled.service, house)))
    [shown] = await outbox(settled.service, house)
    assert (shown.channel, shown.state, shown.reason) == ("sms", "delivered", "mail_refused")


async def test_a_mail_server_that_asks_to_come_later_is_tried_again(
    platform: Platform, identity: IdentityService, house: Caller, mail_server: FakeMailServer, clock: SetClock
) -> None:
    mail_server.answer_to_recipient = "451 later"
    settled = House(with_settings(platform, smtp_url=await mail_server.start()), identity)
    await tell(settled.service, house, to=member(phone=None))
    await settled.settle()
    assert [shown.state for shown in await outbox(settled.service, house)] == ["requested"]
    mail_server.answer_to_recipient = "250 ok"
    clock.advance(timedelta(minutes=1))
    await settled.settle()
    assert [shown.state for shown in await outbox(settled.service, house)] == ["sent"]
    assert len(mail_server.mails) == 1


async def test_a_mail_server_that_is_away_is_told_apart_from_one_that_refuses(mail_server: FakeMailServer) -> None:
    address = await mail_server.start()
    await mail_server.stop()
    with pytest.raises(Unavailable, match="mail_away"):
        await Mail(address, "austa@localhost").send(NotificationId(uuid4()), EMAIL, "x", Personal("x"), TODAY)


async def test_without_any_channel_a_message_waits_and_leaves_when_there_is_one(
    platform: Platform, identity: IdentityService, house: Caller, mail_server: FakeMailServer, clock: SetClock
) -> None:
    bare = House(with_settings(platform, demo=False), identity)
    await tell(bare.service, house)
    assert [(shown.channel, shown.state) for shown in await outbox(bare.service, house)] == [("whatsapp", "waiting")]
    restarted = House(with_settings(platform, demo=False, smtp_url=await mail_server.start()), identity)
    clock.advance(timedelta(hours=1))
    await restarted.settle()
    assert [(shown.channel, shown.state) for shown in await outbox(restarted.service, house)] == [("email", "sent")]


async def test_a_message_nobody_can_carry_fails_when_it_is_of_no_use_any_more(
    platform: Platform, identity: IdentityService, house: Caller, clock: SetClock
) -> None:
    bare = House(with_settings(platform, demo=False), identity)
    await tell(bare.service, house, "one_time_code")
    clock.advance(timedelta(hours=1))
    await bare.settle()
    assert [shown.state for shown in await outbox(bare.service, house)] == ["failed"]


async def test_news_at_night_waits_for_the_morning(demo: House, house: Caller, clock: SetClock) -> None:
    clock.advance(timedelta(hours=14))  # 2h in São Paulo
    await tell(demo.service, house)
    asked_now = await demo.service.notify(
        house, "asked", member(), "authorization_in_review", values("authorization_in_review"), requested_at=clock.now()
    )
    await demo.settle()
    states = {shown.notification_id: shown.state for shown in await outbox(demo.service, house)}
    assert states.pop(asked_now) == "requested"
    assert list(states.values()) == ["scheduled"]
    clock.advance(timedelta(hours=6))
    await demo.settle()
    assert {shown.state for shown in await outbox(demo.service, house)} == {"requested"}


async def test_a_code_goes_to_the_registered_phone_and_not_to_whoever_writes(demo: House, house: Caller) -> None:
    await tell(demo.service, house, "one_time_code")
    [shown] = await outbox(demo.service, house)
    assert (shown.channel, shown.state, shown.address) == ("sms", "delivered", PHONE)
    assert shown.text.reveal().startswith("042137 é o seu código.")


async def test_an_invitation_is_mailed_with_its_link(
    demo: House, identity: IdentityService, house: Caller, platform: Platform
) -> None:
    person = NewStaff(email=EMAIL, name=Personal("Rita Lobo"), roles=frozenset({"administrator"}))
    unique = person.model_copy(update={"email": Personal(f"{uuid4().hex}@austa.example")})
    invited = await identity.invite(house, unique)
    await demo.settle()
    [shown] = await outbox(demo.service, house)
    assert (shown.template, shown.channel, shown.address) == ("staff_invitation", "email", unique.email)
    assert f"http://localhost:8000/convite/{invited.token.reveal()}" in shown.text.reveal()


async def test_an_invitation_that_was_replaced_is_not_mailed(
    demo: House, identity: IdentityService, house: Caller
) -> None:
    person = NewStaff(
        email=Personal(f"{uuid4().hex}@austa.example"), name=Personal("Rita Lobo"), roles=frozenset({"administrator"})
    )
    await identity.invite(house, person)
    second = await identity.invite(house, person)
    await demo.settle()
    [shown] = await outbox(demo.service, house)
    assert second.token.reveal() in shown.text.reveal()


async def test_what_cannot_be_sent_is_refused(demo: House, house: Caller) -> None:
    with pytest.raises(Invalid, match="no_address"):
        await tell(demo.service, house, to=member(phone=None, email=None))
    with pytest.raises(Invalid, match="values_wrong"):
        await demo.service.notify(house, "k", member(), "one_time_code", {})


async def test_the_outbox_page_is_for_administrators(demo: House, house: Caller, clock: SetClock) -> None:
    for _ in range(3):
        await tell(demo.service, house)
        clock.advance(timedelta(seconds=1))
    administrator = staff(house.operator_id, "administrator")
    first = await demo.service.list_outbox(administrator, limit=2)
    rest = await demo.service.list_outbox(administrator, cursor=first.next_cursor)
    assert (len(first.items), len(rest.items), rest.next_cursor) == (2, 1, None)
    with pytest.raises(Forbidden, match=r"access\.denied"):
        await demo.service.list_outbox(staff(house.operator_id, "medical_auditor"))


async def test_a_message_is_for_the_house_of_its_own_operator_only(demo: House, house: Caller) -> None:
    told = await tell(demo.service, house)
    with pytest.raises(NotFound, match="no_such_message"):
        await demo.service.get_message(Caller.system(OperatorId(new_id()), "chat"), told)
    with pytest.raises(Forbidden, match="system_only"):
        await demo.service.get_message(staff(house.operator_id, "administrator"), told)


def _failed(told: NotificationId) -> chat.NotificationFailed:
    return chat.NotificationFailed(notification_id=told, reason="graph_131026")


async def test_who_signs_in_gets_the_code_where_the_contract_says_once(
    demo: House, identity: IdentityService, house: Caller
) -> None:
    started = await identity.start_code(house, "sign_in:1", SubjectId(new_id()), "link_channel")
    made = StartedVerification(
        code_id=str(started.id),
        member_id=MemberId(new_id()),
        code=started.code,
        channel="sms",
        contact=PHONE,
        masked_contact="(11) •••••-0001",
    )
    demo.members.made[started.id] = made
    async with demo.platform.database.for_module("members").transaction(house) as tx:
        await tx.publish(SignInCodeDue(code_id=started.id), SignInCodeDue(code_id=new_id()))
    await demo.settle()
    [shown] = await outbox(demo.service, house)
    assert (shown.channel, shown.address) == ("sms", PHONE)
    assert started.code.reveal() in shown.text.reveal()
