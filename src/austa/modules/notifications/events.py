"""What `notifications` tells: a channel is asked to send, and how it ended. Ids only."""

from typing import ClassVar

from austa.kernel.events import Event
from austa.kernel.ids import MemberId, NotificationId
from austa.modules.notifications.api import Channel, TemplateCode


class WhatsAppRequested(Event):
    """`chat` is asked to send this; it calls `get_message` and answers with its own delivery events."""

    TYPE: ClassVar[str] = "notifications.whatsapp_requested.v1"

    notification_id: NotificationId
    member_id: MemberId

    def key(self) -> str:
        return str(self.member_id)


class EmailRequested(Event):
    """A mail is ready to leave; our own handler sends it."""

    TYPE: ClassVar[str] = "notifications.email_requested.v1"

    notification_id: NotificationId

    def key(self) -> str:
        return str(self.notification_id)


class SendDue(Event):
    """A timer of our own: quiet hours are over for this message."""

    TYPE: ClassVar[str] = "notifications.send_due.v1"

    notification_id: NotificationId

    def key(self) -> str:
        return str(self.notification_id)


class NotificationDelivered(Event):
    """The message reached the person's device or mail server."""

    TYPE: ClassVar[str] = "notifications.notification_delivered.v1"

    notification_id: NotificationId
    template: TemplateCode
    channel: Channel

    def key(self) -> str:
        return str(self.notification_id)


class NotificationFailed(Event):
    """All channels were tried and none worked; somebody has to call."""

    TYPE: ClassVar[str] = "notifications.notification_failed.v1"

    notification_id: NotificationId
    template: TemplateCode

    def key(self) -> str:
        return str(self.notification_id)
