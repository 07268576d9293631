"""`notifications` that keeps what it was asked to send."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from austa.kernel.actors import Caller
from austa.kernel.ids import NotificationId, derived_id
from austa.kernel.personal import Personal
from austa.modules.notifications.api import Channel, Recipient, TemplateCode, WhatsAppMessage, Wording
from austa.modules.notifications.domain import templates


@dataclass
class FakeNotifications:
    """`asked` by key: repeating a key asks nothing new. `messages` are what `chat` may fetch and send."""

    asked: dict[str, tuple[TemplateCode, Mapping[str, Personal]]] = field(default_factory=dict)
    messages: dict[NotificationId, WhatsAppMessage] = field(default_factory=dict)

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
        self.asked.setdefault(key, (template, values))
        return NotificationId(derived_id("fake.notification", key))

    async def get_message(self, caller: Caller, notification_id: NotificationId) -> WhatsAppMessage:
        return self.messages[notification_id]

    def whatsapp_wordings(self) -> tuple[Wording, ...]:
        return templates.whatsapp_wordings()
