"""All SQL of `notifications`. Row-level security keeps every statement to the transaction's operator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction, affected
from austa.kernel.ids import NotificationId, SubjectId
from austa.modules.notifications.api import Channel, State, TemplateCode
from austa.modules.notifications.tables import message


@dataclass(frozen=True)
class Message:
    """A message as stored; `content` is sealed."""

    id: NotificationId
    key: str
    recipient: Literal["member", "staff"]
    subject_id: SubjectId
    template: TemplateCode
    template_version: int
    content: bytes
    channel: Channel
    channels_left: tuple[Channel, ...]
    state: State
    reason: str | None
    created_at: datetime
    send_at: datetime


async def add_message(tx: Transaction, new: Message) -> bool:
    """Whether the key was new."""
    values = {**new.__dict__, "channels_left": list(new.channels_left)}
    added = await tx.execute(
        insert(message).values(operator_id=tx.operator_id, changed_at=tx.now(), **values).on_conflict_do_nothing()
    )
    return added.rowcount == 1


async def save_state(tx: Transaction, changed: Message) -> None:
    affected(
        await tx.execute(
            sa.update(message)
            .where(message.c.id == changed.id)
            .values(
                channel=changed.channel,
                channels_left=list(changed.channels_left),
                state=changed.state,
                reason=changed.reason,
                changed_at=tx.now(),
            )
        )
    )


async def find_message(tx: Transaction, notification_id: NotificationId, *, lock: bool = False) -> Message | None:
    chosen = sa.select(message).where(message.c.id == notification_id)
    row = await tx.one_or_none(chosen.with_for_update() if lock else chosen)
    return _message(row) if row else None


async def list_messages(tx: Transaction, after: tuple[datetime, UUID] | None, limit: int) -> list[Message]:
    """Latest first, at most `limit`, after that place."""
    chosen = sa.select(message).order_by(message.c.created_at.desc(), message.c.id.desc()).limit(limit)
    if after is not None:
        place = sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
        chosen = chosen.where(sa.tuple_(message.c.created_at, message.c.id) < place)
    return [_message(row) for row in await tx.all(chosen)]


def _message(row: sa.Row[Any]) -> Message:
    return Message(
        id=NotificationId(row.id),
        key=row.key,
        recipient=row.recipient,
        subject_id=SubjectId(row.subject_id),
        template=row.template,
        template_version=row.template_version,
        content=row.content,
        channel=row.channel,
        channels_left=tuple(row.channels_left),
        state=row.state,
        reason=row.reason,
        created_at=row.created_at,
        send_at=row.send_at,
    )
