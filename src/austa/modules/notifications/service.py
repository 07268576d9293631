"""The use cases of `notifications`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.keys import KeyOwner, Keys
from austa.infra.pages import LARGEST_PAGE, decode_time_and_id, encode_cursor
from austa.infra.settings import Settings
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.contracts import Page
from austa.kernel.errors import Forbidden, Invalid, NotFound
from austa.kernel.ids import MemberId, NotificationId, SubjectId, derived_id
from austa.kernel.personal import Personal
from austa.modules.identity.api import Identity
from austa.modules.members.api import Members
from austa.modules.notifications import store
from austa.modules.notifications.adapters.mail import Mail
from austa.modules.notifications.api import (
    Channel,
    MemberRecipient,
    OutboxMessage,
    Recipient,
    StaffRecipient,
    State,
    TemplateCode,
    WhatsAppMessage,
    Wording,
)
from austa.modules.notifications.domain import delivery, templates
from austa.modules.notifications.domain.delivery import Way
from austa.modules.notifications.events import (
    EmailRequested,
    NotificationDelivered,
    NotificationFailed,
    SendDue,
    WhatsAppRequested,
)
from austa.modules.notifications.store import Message

MailResult = Literal["sent", "refused", "needless"]


@dataclass(frozen=True)
class _Content:
    """What a message says and where it goes, in clear."""

    values: Mapping[str, str]
    addresses: Mapping[Channel, str]


class NotificationsService:
    """Implements `notifications.api.Notifications`."""

    def __init__(
        self,
        database: ModuleDatabase,
        keys: Keys,
        access: Access,
        clock: Clock,
        settings: Settings,
        identity: Identity,
        members: Members,
        mail: Mail | None,
    ) -> None:
        self._db = database
        self._keys = keys
        self._access = access
        self._clock = clock
        self._public_url = settings.public_url
        self._identity = identity
        self._members = members
        self._mail = mail
        unsent: Way = "shown" if settings.demo else "missing"
        self._ways: Mapping[Channel, Way] = {
            "whatsapp": "asked" if settings.demo or settings.whatsapp_numbers else "missing",
            "email": "asked" if mail else unsent,
            "sms": unsent,
        }

    async def notify(
        self,
        caller: Caller,
        key: str,
        to: Recipient,
        template: TemplateCode,
        values: Mapping[str, Personal],
        *,
        preferred: Channel | None = None,
        requested_at: datetime | None = None,
    ) -> NotificationId:
        content = _Content({name: value.reveal() for name, value in values.items()}, _addresses(to))
        templates.check_values(template, content.values)
        version = templates.current_version(template)
        wording = templates.get_template(template, version)
        channels = delivery.channels_for(wording.channels, content.addresses.keys(), preferred)
        if not channels:
            raise Invalid("notifications.no_address", "no address of this person suits this message", template=template)
        now = self._clock.now()
        zone = ZoneInfo("UTC") if wording.at_once else ZoneInfo((await self._identity.get_operator(caller)).time_zone)
        notification_id = NotificationId(derived_id("notifications.message", caller.operator_id, key))
        subject = SubjectId(to.principal_id if isinstance(to, StaffRecipient) else to.member_id)
        new = Message(
            id=notification_id,
            key=key,
            recipient=to.kind,
            subject_id=subject,
            template=template,
            template_version=version,
            content=await self._seal(caller, notification_id, KeyOwner(subject, wording.kept_as), content),
            channel=channels[0],
            channels_left=channels,
            state="scheduled",
            reason=None,
            created_at=now,
            send_at=delivery.send_at(now, zone, at_once=wording.at_once, requested_at=requested_at),
        )
        async with self._db.transaction(caller) as tx:
            if await store.add_message(tx, new):
                if new.send_at <= now:
                    await self._start(tx, new)
                else:
                    await tx.publish(SendDue(notification_id=new.id), not_before=new.send_at)
        return notification_id

    async def send_sign_in_code(self, caller: Caller, code_id: UUID) -> None:
        """Send its code to who signs in; nothing when it is of no use any more. Idempotent."""
        started = await self._members.get_verification(caller, code_id)
        if started is None:
            return
        by_sms = started.channel == "sms"
        to = MemberRecipient(
            member_id=started.member_id,
            phone=started.contact if by_sms else None,
            email=None if by_sms else started.contact,
        )
        await self.notify(
            caller,
            f"members.sign_in:{code_id}",
            to,
            "one_time_code",
            {"code": started.code},
            preferred=started.channel,
            requested_at=self._clock.now(),
        )

    async def notify_invitation(self, caller: Caller, invitation_id: UUID) -> None:
        """Mail an invitation to the staff person; nothing when it was used or replaced meanwhile. Idempotent."""
        try:
            invitation = await self._identity.get_invitation(caller, invitation_id)
        except NotFound:
            return
        person = invitation.principal
        link = Personal(f"{self._public_url}/convite/{invitation.token.reveal()}")
        await self.notify(
            caller,
            f"identity.invitation:{invitation_id}",
            StaffRecipient(principal_id=person.id, email=person.email),
            "staff_invitation",
            {"name": person.name, "link": link},
        )

    async def send_due(self, tx: Transaction, notification_id: NotificationId) -> None:
        """The timer of a message: the morning has come, or it looks for a channel again."""
        found = await store.find_message(tx, notification_id, lock=True)
        if found is not None and found.state in {"scheduled", "waiting"}:
            await self._start(tx, found)

    async def get_message(self, caller: Caller, notification_id: NotificationId) -> WhatsAppMessage:
        if caller.kind != "system":
            raise Forbidden("notifications.system_only", "only AUSTA itself may ask for this")
        found = await self._find(caller, notification_id)
        if found is None or found.recipient != "member" or found.channel != "whatsapp":
            raise NotFound("notifications.no_such_message", "there is no such message for WhatsApp")
        wording = templates.get_template(found.template, found.template_version)
        content = await self._open(caller, found)
        return WhatsAppMessage(
            notification_id=found.id,
            member_id=MemberId(found.subject_id),
            phone=Personal(content.addresses["whatsapp"]),
            text=Personal(templates.render(wording, content.values)),
            template_name=templates.template_name(wording, found.template_version),
            template_language=templates.LANGUAGE,
            template_category=wording.category,
            template_parameters=tuple(map(Personal, templates.template_parameters(wording, content.values))),
        )

    async def send_mail(self, caller: Caller, notification_id: NotificationId) -> MailResult:
        """Send one mail; outside any transaction. `needless` when it was sent or given up meanwhile."""
        found = await self._find(caller, notification_id)
        if self._mail is None or found is None or (found.channel, found.state) != ("email", "requested"):
            return "needless"
        wording = templates.get_template(found.template, found.template_version)
        content = await self._open(caller, found)
        text = Personal(templates.render(wording, content.values))
        return await self._mail.send(
            found.id, Personal(content.addresses["email"]), wording.subject, text, self._clock.now()
        )

    async def record_mail(self, tx: Transaction, notification_id: NotificationId, result: MailResult) -> None:
        """What became of a mail."""
        if result == "sent":
            await self.record_delivery(tx, notification_id, "email", "sent")
        elif result == "refused":
            await self.record_failure(tx, notification_id, "email", "mail_refused")

    async def record_delivery(
        self,
        tx: Transaction,
        notification_id: NotificationId,
        channel: Channel,
        told: Literal["sent", "delivered", "read"],
    ) -> None:
        """A report from a channel; one that comes late, out of order or for a channel given up is ignored."""
        found = await store.find_message(tx, notification_id, lock=True)
        if found is None or found.channel != channel or not delivery.may_follow(found.state, told):
            return
        await self._move(tx, found, told)

    async def record_failure(
        self, tx: Transaction, notification_id: NotificationId, channel: Channel, reason: str
    ) -> None:
        """A channel cannot deliver: the next one is tried, and when there is none the message has failed."""
        found = await store.find_message(tx, notification_id, lock=True)
        if found is None or found.channel != channel or not delivery.may_follow(found.state, "failed"):
            return
        left = tuple(other for other in found.channels_left if other != channel)
        await self._start(tx, replace(found, channels_left=left, reason=reason))

    def whatsapp_wordings(self) -> tuple[Wording, ...]:
        return templates.whatsapp_wordings()

    async def list_outbox(self, caller: Caller, *, cursor: str | None = None, limit: int = 50) -> Page[OutboxMessage]:
        if caller.kind != "system":
            self._access.check(caller, "outbox_page:read")
        limit = min(limit, LARGEST_PAGE)
        after = decode_time_and_id(cursor) if cursor else None
        async with self._db.transaction(caller) as tx:
            found = await store.list_messages(tx, after, limit + 1)
        shown = found[:limit]
        return Page(
            items=tuple([await self._shown(caller, message) for message in shown]),
            next_cursor=encode_cursor(shown[-1].created_at.isoformat(), shown[-1].id) if len(found) > limit else None,
        )

    async def _start(self, tx: Transaction, message: Message) -> None:
        """Hand the message to the next channel that works here, or let it wait for one while it is of use."""
        wording = templates.get_template(message.template, message.template_version)
        chosen = delivery.next_channel(message.channels_left, self._ways)
        if chosen is None or not delivery.still_useful(message.created_at, wording.useful_for, tx.now()):
            await self._move(tx, message, "failed")
            return
        channel, way = chosen
        message = replace(message, channel=channel)
        if way == "missing":
            await self._move(tx, message, "waiting")
            await tx.publish(SendDue(notification_id=message.id), not_before=tx.now() + delivery.TRY_AGAIN)
        elif way == "shown":
            await self._move(tx, message, "delivered")
        else:
            await self._move(tx, message, "requested")
            await tx.publish(
                WhatsAppRequested(notification_id=message.id, member_id=MemberId(message.subject_id))
                if channel == "whatsapp"
                else EmailRequested(notification_id=message.id)
            )

    async def _move(self, tx: Transaction, message: Message, state: State) -> None:
        await store.save_state(tx, replace(message, state=state))
        if state in {"delivered", "read"} and message.state != "delivered":
            await tx.publish(
                NotificationDelivered(notification_id=message.id, template=message.template, channel=message.channel)
            )
        elif state == "failed":
            await tx.publish(NotificationFailed(notification_id=message.id, template=message.template))

    async def _find(self, caller: Caller, notification_id: NotificationId) -> Message | None:
        async with self._db.transaction(caller) as tx:
            return await store.find_message(tx, notification_id)

    async def _shown(self, caller: Caller, message: Message) -> OutboxMessage:
        wording = templates.get_template(message.template, message.template_version)
        try:
            content = await self._open(caller, message)
            address, text = content.addresses[message.channel], templates.render(wording, content.values)
        except NotFound:
            # The person's key was destroyed: that there was a message remains, what it said does not.
            address, text = "", ""
        return OutboxMessage(
            notification_id=message.id,
            template=message.template,
            channel=message.channel,
            state=message.state,
            address=Personal(address),
            subject=wording.subject,
            text=Personal(text),
            created_at=message.created_at,
            send_at=message.send_at,
            reason=message.reason,
        )

    async def _seal(self, caller: Caller, notification_id: NotificationId, owner: KeyOwner, content: _Content) -> bytes:
        plain = json.dumps({"values": dict(content.values), "addresses": dict(content.addresses)})
        return await self._keys.seal(caller.operator_id, owner, _place(notification_id), plain)

    async def _open(self, caller: Caller, message: Message) -> _Content:
        owner = KeyOwner(message.subject_id, _kept_as(message))
        plain = json.loads(await self._keys.open_text(caller.operator_id, owner, _place(message.id), message.content))
        return _Content(plain["values"], plain["addresses"])


def _kept_as(message: Message) -> Literal["chat", "account", "transient"]:
    return templates.get_template(message.template, message.template_version).kept_as


def _addresses(to: Recipient) -> dict[Channel, str]:
    """Where each channel reaches the person."""
    if isinstance(to, StaffRecipient):
        reached: dict[Channel, str] = {"email": to.email.reveal()}
        return reached | {"sms": to.phone.reveal()} if to.phone else reached
    found: dict[Channel, str] = {}
    if to.phone:
        found |= {"whatsapp": to.phone.reveal(), "sms": to.phone.reveal()}
    if to.email:
        found["email"] = to.email.reveal()
    return found


def _place(notification_id: NotificationId) -> str:
    return f"notifications.message.content:{notification_id}"
