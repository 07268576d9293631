"""Red flags: screened on every message in every state, answered at once, and put before a nurse."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.pages import LARGEST_PAGE, decode_cursor, encode_cursor
from austa.kernel.actors import Caller
from austa.kernel.contracts import Page
from austa.kernel.errors import NotFound
from austa.kernel.ids import ConversationId, MemberId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat import store
from austa.modules.chat.api import Button, TriageTask
from austa.modules.chat.domain import texts, triage
from austa.modules.chat.domain.identity import phone_of
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.events import TriageTaskChanged, TriageTaskDue, TriageTaskOpened
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.sending import Outgoing
from austa.modules.language.api import Language, RedFlags


class Triage:
    """Screens messages and keeps the nurse's tasks."""

    def __init__(
        self, database: ModuleDatabase, bodies: Bodies, access: Access, language: Language, outgoing: Outgoing
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._access = access
        self._language = language
        self._outgoing = outgoing

    async def screen(self, tx: Transaction, conversation_id: ConversationId, message_id: UUID) -> None:
        """Answer a red flag and open a task. Reads consent, hand-over and opt-out of nobody: this always runs."""
        conversation = await store.find_conversation(tx, conversation_id)
        assert conversation is not None
        row = await store.get_message(tx, message_id)
        flags = self._language.screen(*await self._texts(tx, conversation.identity_id, row))
        if flags.reply is None:
            return
        level = triage.task_level(flags)
        await store.update_message(tx, message_id, urgency=level or "ASK")
        reply = self._language.get_reply(flags.reply)
        late = texts.LATE_PREFIX if triage.is_late(row.sent_at, tx.now()) else ""
        say = Say(late + reply.text, tuple(Button(id=b.id, title=b.title) for b in reply.buttons))
        reply_id = await self._outgoing.queue(
            tx, conversation, say, key=f"emergency:{message_id}", answers=message_id, urgent=True
        )
        if level is not None:
            await self._open_task(tx, conversation_id, row, flags, reply_id)

    async def escalate(self, tx: Transaction, task_id: UUID) -> None:
        """The term ran out. Idempotent; an acknowledged task stays as it is."""
        task = await store.find_task(tx, task_id)
        if task is None or task.state != "open":
            return
        await store.update_task(tx, task_id, state="escalated")
        await tx.publish(TriageTaskChanged(task_id=task_id, state="escalated"))

    async def tasks(self, caller: Caller, *, open_only: bool, cursor: str | None, limit: int) -> Page[TriageTask]:
        self._access.check(caller, "triage_task:read")
        limit = max(1, min(limit, LARGEST_PAGE))
        after = None
        if cursor is not None:
            opened_at, task_id = decode_cursor(cursor, 2)
            after = (datetime.fromisoformat(opened_at), UUID(task_id))
        async with self._database.transaction(caller) as tx:
            rows = await store.list_tasks(tx, open_only=open_only, after=after, limit=limit + 1)
            items = tuple([await self._view(tx, row) for row in rows[:limit]])
        more = len(rows) > limit and not open_only
        return Page[TriageTask](
            items=items,
            next_cursor=encode_cursor(rows[limit - 1].opened_at.isoformat(), rows[limit - 1].id) if more else None,
        )

    async def acknowledge(self, caller: Caller, task_id: UUID) -> TriageTask:
        self._access.check(caller, "triage_task:acknowledge")
        async with self._database.transaction(caller) as tx:
            task = await store.find_task(tx, task_id)
            if task is None:
                raise NotFound("chat.no_such_task", "no triage task of this operator has that id")
            if task.state != "acknowledged":
                await store.update_task(
                    tx, task_id, state="acknowledged", acknowledged_by=caller.principal_id, acknowledged_at=tx.now()
                )
                await tx.publish(TriageTaskChanged(task_id=task_id, state="acknowledged"))
            changed = await store.find_task(tx, task_id)
            assert changed is not None
            return await self._view(tx, changed)

    async def _open_task(
        self, tx: Transaction, conversation_id: ConversationId, row: sa.Row[Any], flags: RedFlags, reply_id: UUID
    ) -> None:
        level = triage.task_level(flags)
        assert level is not None
        task_id = new_id()
        term = triage.due_at(level, tx.now())
        stated = [flag for flag in flags.findings if flag.reading == "stated"]
        is_new = await store.insert_task(
            tx,
            {
                "id": task_id,
                "conversation_id": conversation_id,
                "message_id": row.id,
                "reply_id": reply_id,
                "level": level,
                "category": stated[0].category,
                "rules": [flag.rule for flag in stated],
                "lexicon_version": flags.lexicon_version,
                "state": "open",
                "opened_at": tx.now(),
                "due_at": term,
            },
        )
        if is_new:
            await tx.publish(
                TriageTaskOpened.model_validate(
                    {"task_id": task_id, "conversation_id": conversation_id, "level": level}
                )
            )
            await tx.publish(TriageTaskDue(task_id=task_id), not_before=term)

    async def _texts(
        self, tx: Transaction, identity_id: UUID, row: sa.Row[Any]
    ) -> tuple[Personal, tuple[Personal, ...]]:
        """The message and what the same person wrote in the five minutes before it."""
        earlier = await store.recent_inbound(
            tx, ConversationId(row.conversation_id), row.sent_at - triage.RECENT, row.sent_at, row.id
        )
        written = [
            (await self._bodies.inbound(tx.operator_id, identity_id, r.id, r.body)).text or "" for r in [*earlier, row]
        ]
        *recent, text = written
        return Personal(text), tuple(Personal(words) for words in recent if words)

    async def _view(self, tx: Transaction, task: sa.Row[Any]) -> TriageTask:
        conversation = await store.find_conversation(tx, ConversationId(task.conversation_id))
        assert conversation is not None
        row = await store.get_message(tx, task.message_id)
        reply = await store.find_message(tx, message_id=task.reply_id)
        body = await self._bodies.inbound(tx.operator_id, conversation.identity_id, row.id, row.body)
        address = await self._bodies.address(tx.operator_id, conversation.identity_id, conversation.address)
        return TriageTask(
            id=task.id,
            level=task.level,
            category=task.category,
            state=task.state,
            conversation_id=ConversationId(task.conversation_id),
            member_id=MemberId(conversation.member_id) if conversation.member_id else None,
            excerpt=Personal(body.text or ""),
            phone=Personal(phone_of(address.wa_id)) if address.wa_id else None,
            rules=tuple(task.rules),
            lexicon_version=task.lexicon_version,
            opened_at=task.opened_at,
            due_at=task.due_at,
            acknowledged_by=str(task.acknowledged_by) if task.acknowledged_by else None,
            acknowledged_at=task.acknowledged_at,
            reply_status=reply.status if reply else "unknown",
        )
