"""Reactions: invitations are mailed, timers fire, mails leave, and channels report."""

from uuid import UUID

from austa.infra.db import Transaction
from austa.infra.outbox import Handler, Reaction, Work
from austa.kernel.actors import Caller
from austa.kernel.events import Envelope
from austa.kernel.ids import NotificationId
from austa.modules.chat import events as chat
from austa.modules.identity.events import StaffInvited
from austa.modules.members.events import SignInCodeDue
from austa.modules.notifications.events import EmailRequested, SendDue
from austa.modules.notifications.service import MailResult, NotificationsService


def handlers(notifications: NotificationsService) -> list[Handler]:
    """Handler names are permanent: deliveries bear them."""

    async def mail_invitation(caller: Caller, envelope: Envelope) -> None:
        await notifications.notify_invitation(caller, UUID(envelope.data["invitation_id"]))

    async def send_code(caller: Caller, envelope: Envelope) -> None:
        await notifications.send_sign_in_code(caller, UUID(envelope.data["code_id"]))

    async def already_recorded(tx: Transaction, envelope: Envelope, result: None) -> None:
        """`notify` committed by itself, under the key of what it says."""

    async def send_due(tx: Transaction, envelope: Envelope) -> None:
        await notifications.send_due(tx, _notification(envelope))

    async def send_mail(caller: Caller, envelope: Envelope) -> MailResult:
        return await notifications.send_mail(caller, _notification(envelope))

    async def record_mail(tx: Transaction, envelope: Envelope, result: MailResult) -> None:
        await notifications.record_mail(tx, _notification(envelope), result)

    async def delivered(tx: Transaction, envelope: Envelope) -> None:
        await notifications.record_delivery(tx, _notification(envelope), "whatsapp", envelope.data["status"])

    async def failed(tx: Transaction, envelope: Envelope) -> None:
        await notifications.record_failure(tx, _notification(envelope), "whatsapp", envelope.data["reason"])

    return [
        Work("notifications.mail_invitation", "notifications", StaffInvited.TYPE, mail_invitation, already_recorded),
        Work(
            "notifications.send_sign_in_code",
            "notifications",
            SignInCodeDue.TYPE,
            send_code,
            already_recorded,
            independent=True,
            lane="urgent",
        ),
        Reaction("notifications.send_due", "notifications", SendDue.TYPE, send_due, independent=True),
        Work("notifications.send_mail", "notifications", EmailRequested.TYPE, send_mail, record_mail, independent=True),
        Reaction("notifications.record_delivery", "notifications", chat.NotificationDelivered.TYPE, delivered),
        Reaction("notifications.record_failure", "notifications", chat.NotificationFailed.TYPE, failed),
    ]


def _notification(envelope: Envelope) -> NotificationId:
    return NotificationId(UUID(envelope.data["notification_id"]))
