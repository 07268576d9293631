"""How far our messages got: statuses of Meta, many at once. A status never goes back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from austa.infra.db import Transaction
from austa.kernel.ids import NotificationId
from austa.modules.chat.domain.costs import read_told
from austa.modules.chat.domain.webhook import Other, Status
from austa.modules.chat.events import MessageFailed, NotificationDelivered, NotificationFailed
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.costs import count_charges
from austa.modules.chat.service.inbox import keep_notice
from austa.modules.chat.service.starting import again_as_template
from austa.modules.chat.store import inbox, messages
from austa.modules.chat.store.inbox import Due


class Statuses:
    """Moves messages of ours forward."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies

    async def read(self, tx: Transaction, dues: Sequence[Due]) -> list[Status]:
        """The statuses that these items of the inbox are."""
        kept = await inbox.read(tx, dues)
        return [
            await self._bodies.status_item(tx.operator_id, due.day, due.item_index, kept[due.id].body)
            for due in dues
            if due.id in kept
        ]

    async def apply(self, tx: Transaction, statuses: Sequence[Status]) -> None:
        """Move each message to the furthest of its statuses, and count what is charged. What names no message of ours
        is kept as it is, and was paid for all the same."""
        by_id, by_wamid = await self._messages(tx, statuses)
        furthest: dict[UUID, tuple[Any, Status]] = {}
        for status in statuses:
            row = by_wamid.get(self._index(tx, status)) or by_id.get(_send_id(status))
            if row is None or row.direction != "out":
                await keep_notice(tx, self._bodies, Other(status.number_id, "status", status.raw))
                continue
            before = furthest[row.id][1].status if row.id in furthest else row.status
            if messages.STATUS_RANK[status.status] > messages.STATUS_RANK[before]:
                furthest[row.id] = (row, status)
        failed = [(row.id, status.error_code) for row, status in furthest.values() if status.status == "failed"]
        for once_more in await again_as_template(tx, failed) if failed else ():
            del furthest[once_more]
        moved = [
            (row.id, status.status, status.error_code, row.wamid_index or self._index(tx, status))
            for row, status in furthest.values()
        ]
        await messages.move_statuses(tx, moved)
        for row, status in furthest.values():
            if status.status == "failed":
                await tx.publish(MessageFailed(outbound_id=row.id, code=status.error_code), priority=1)
            if row.notification_id is not None:
                await self._tell(tx, NotificationId(row.notification_id), status)
        told = [
            (self._index(tx, status), each)
            for status in statuses
            if (each := read_told(status.number_id, status.status, status.at, status.raw)) is not None
        ]
        # Last: whoever counts for the same number in the same hour waits for this commit.
        await count_charges(tx, told)

    async def _messages(
        self, tx: Transaction, statuses: Sequence[Status]
    ) -> tuple[dict[UUID | None, Any], dict[bytes, Any]]:
        """Our messages that they name, locked: by the id that we sent, and by Meta's."""
        ids = [send_id for status in statuses if (send_id := _send_id(status)) is not None]
        rows = await messages.lock_messages(tx, ids, [self._index(tx, status) for status in statuses])
        return {row.id: row for row in rows}, {row.wamid_index: row for row in rows if row.wamid_index}

    def _index(self, tx: Transaction, status: Status) -> bytes:
        return self._bodies.index(tx.operator_id, "wamid", status.wamid)

    @staticmethod
    async def _tell(tx: Transaction, notification_id: NotificationId, status: Status) -> None:
        if status.status == "failed":
            reason = f"graph_{status.error_code}"
            await tx.publish(NotificationFailed(notification_id=notification_id, reason=reason))
            return
        told = {"notification_id": notification_id, "status": status.status}
        await tx.publish(NotificationDelivered.model_validate(told))


def _send_id(status: Status) -> UUID | None:
    """Our own id, which Meta echoes."""
    try:
        return UUID(status.send_id) if status.send_id is not None else None
    except ValueError:
        return None
