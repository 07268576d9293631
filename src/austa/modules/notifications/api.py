"""The door of `notifications`: say what a person must know, with neutral words, on a channel that reaches them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, Protocol

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract, Page
from austa.kernel.ids import MemberId, NotificationId, PrincipalId
from austa.kernel.personal import Personal

Channel = Literal["whatsapp", "email", "sms"]

TemplateCode = Literal[
    "authorization_approved",
    "authorization_guide_replaced",
    "authorization_needs_documents",
    "authorization_in_review",
    "authorization_board",
    "authorization_decided",
    "one_time_code",
    "staff_invitation",
    "emergency_followup",
    "duty_alert",
]

VALUES: Mapping[TemplateCode, frozenset[str]] = MappingProxyType(
    {
        "authorization_approved": frozenset({"protocol", "guide_number", "senha", "valid_until", "link"}),
        "authorization_guide_replaced": frozenset(
            {"protocol", "guide_number", "senha", "valid_until", "replaced", "link"}
        ),
        "authorization_needs_documents": frozenset({"protocol", "missing", "answer_by", "link"}),
        "authorization_in_review": frozenset({"protocol", "answer_by"}),
        "authorization_board": frozenset({"protocol", "answer_by", "link"}),
        "authorization_decided": frozenset({"protocol", "link"}),
        "one_time_code": frozenset({"code"}),
        "staff_invitation": frozenset({"name", "link"}),
        "emergency_followup": frozenset({"name"}),
        "duty_alert": frozenset({"name", "level"}),
    }
)
"""The values each template needs, exactly. Dates as dd/mm/aaaa; `missing` is a list in plain words, one a line."""

State = Literal["scheduled", "requested", "waiting", "sent", "delivered", "read", "failed"]
"""`scheduled` waits for the morning, `requested` was handed to its channel, `waiting` has no channel that works
here (no SMS gateway, no SMTP server), `failed` has tried all."""


class MemberRecipient(Contract):
    """A member and where they can be reached. `phone` is E.164."""

    kind: Literal["member"] = "member"
    member_id: MemberId
    phone: Personal | None = None
    email: Personal | None = None


class StaffRecipient(Contract):
    """A staff person; reached by mail, and by SMS where there is a gateway and a `phone` (E.164)."""

    kind: Literal["staff"] = "staff"
    principal_id: PrincipalId
    email: Personal
    phone: Personal | None = None


Recipient = MemberRecipient | StaffRecipient


class WhatsAppMessage(Contract):
    """A message for `chat` to send: as text within the 24-hour window, else as the approved template."""

    notification_id: NotificationId
    member_id: MemberId
    phone: Personal
    text: Personal
    template_name: str
    template_language: str
    template_category: Literal["utility", "authentication"]
    template_parameters: tuple[Personal, ...]


class Wording(Contract):
    """The words of a message on WhatsApp, as they are registered with Meta. In `text` stand `{value}`s; `values` are
    their names, in order."""

    code: TemplateCode
    version: int
    name: str
    language: str
    category: Literal["utility", "authentication"]
    text: str
    values: tuple[str, ...]


class OutboxMessage(Contract):
    """One message of the outbox page: what was, or would be, sent to whom, and how far it got."""

    notification_id: NotificationId
    template: TemplateCode
    channel: Channel
    state: State
    address: Personal
    subject: str
    text: Personal
    created_at: datetime
    send_at: datetime
    reason: str | None


class Notifications(Protocol):
    """Messages of one operator to its members and staff."""

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
        """Send a message, now or in the morning. Idempotent by (operator, key); the key holds no personal data.

        `requested_at` is when the member asked for what this answers: shortly after it the message goes at once,
        at night too. What is not urgent otherwise waits for 8h of the operator's time zone.
        Raises `Invalid` `notifications.values_wrong` (see `VALUES`) or `notifications.no_address`.
        """
        ...

    async def get_message(self, caller: Caller, notification_id: NotificationId) -> WhatsAppMessage:
        """What to send on WhatsApp; system callers only. Raises `NotFound` `notifications.no_such_message`."""
        ...

    def whatsapp_wordings(self) -> tuple[Wording, ...]:
        """The newest wording of every message that goes by WhatsApp."""
        ...

    async def list_outbox(self, caller: Caller, *, cursor: str | None = None, limit: int = 50) -> Page[OutboxMessage]:
        """Messages, latest first (`outbox_page:read`)."""
        ...
