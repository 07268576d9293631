"""Red flags: screened on every message in every state, answered at once, and put before a nurse."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, get_args
from uuid import UUID

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.pages import LARGEST_PAGE, decode_time_and_id, encode_cursor
from austa.kernel.actors import Caller
from austa.kernel.contracts import Page
from austa.kernel.errors import NotFound
from austa.kernel.ids import ConversationId, MemberId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import Button, TriageTask
from austa.modules.chat.domain import texts, triage
from austa.modules.chat.domain.choices import chosen_number
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.triage import Alarm
from austa.modules.chat.domain.turn import RaiseAlarm
from austa.modules.chat.events import HandOverRequested, TriageTaskChanged, TriageTaskDue, TriageTaskOpened
from austa.modules.chat.service.bodies import Bodies, InboundBody
from austa.modules.chat.service.duty import DutyService
from austa.modules.chat.service.sending import Outgoing
from austa.modules.chat.store import addresses, messages, tasks
from austa.modules.language.api.language import AdviceKind, Language, RedFlags, ReplyKind

BUTTON_LIVES = timedelta(hours=24)
"""A button of an emergency reply speaks of a red flag at most a day old."""


class Triage:
    """Screens messages and keeps the nurse's tasks."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        access: Access,
        language: Language,
        outgoing: Outgoing,
        duty: DutyService,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._access = access
        self._language = language
        self._outgoing = outgoing
        self._duty = duty

    async def screen(self, tx: Transaction, conversation_id: ConversationId, message_id: UUID) -> None:
        """Answer a red flag and open a task. Reads consent, hand-over and opt-out of nobody: this always runs."""
        conversation = await addresses.find_conversation(tx, conversation_id)
        assert conversation is not None
        row = await messages.get_message(tx, message_id)
        body = await self._bodies.inbound(tx.operator_id, conversation.identity_id, row.id, row.body)
        button = await self.read_button(tx, conversation, row, body)
        flags, _ = await self.read_flags(tx, conversation, row, body.said or "")
        await self.answer(tx, conversation, row, body, button, flags)

    async def answer(
        self, tx: Transaction, conversation: Any, row: Any, body: InboundBody, button: str | None, flags: RedFlags
    ) -> Alarm | None:
        """Answer what `flags` or the button say of a message, and open its task; returns what a nurse must see."""
        if row.kind == triage.VOICE and body.said is None:
            # Where voice notes are transcribed this is called again with the words, or `give_to_person` in time.
            if not self._language.hears:
                await self.give_to_person(tx, conversation, row)
            return None
        if button in triage.ALARMING:
            alarm, say = await self._cry(tx, conversation, row, button)
        elif button is not None or not body.said or flags.reply is None:
            return None
        else:
            alarm, say = triage.stated_alarm(flags), self._say(flags.reply)
        await self._answer(tx, conversation, row, alarm, say, key=f"emergency:{row.id}")
        return alarm

    async def raise_second(
        self, tx: Transaction, conversation_id: ConversationId, message_id: UUID, flags: RedFlags
    ) -> None:
        """Answer what only the second reader found, after `screen` had answered nothing stated. Idempotent."""
        key = f"second:{message_id}"
        if flags.reply is None or await messages.is_queued(tx, key):
            return
        conversation = await addresses.find_conversation(tx, conversation_id)
        assert conversation is not None
        row = await messages.get_message(tx, message_id)
        await self._answer(tx, conversation, row, triage.stated_alarm(flags), self._say(flags.reply), key=key)

    async def raise_interview(
        self, tx: Transaction, conversation_id: ConversationId, message_id: UUID, found: RaiseAlarm
    ) -> None:
        """Answer what an interview found, before all else, and call a nurse. Idempotent."""
        key = f"interview:{message_id}"
        if found.level is None or await messages.is_queued(tx, key):
            return
        conversation = await addresses.find_conversation(tx, conversation_id)
        assert conversation is not None
        row = await messages.get_message(tx, message_id)
        alarm = Alarm(found.level, "several_signs", found.signs, found.version)
        await self._answer(tx, conversation, row, alarm, self._say(found.reply), key=key)

    async def _answer(
        self, tx: Transaction, conversation: sa.Row[Any], row: sa.Row[Any], alarm: Alarm | None, say: Say, *, key: str
    ) -> None:
        conversation_id = ConversationId(conversation.id)
        await messages.update_message(tx, row.id, urgency=alarm.level if alarm else triage.ASKED)
        late = texts.LATE_PREFIX if triage.is_late(row.sent_at, tx.now()) else ""
        reply_id = await self._outgoing.queue(
            tx, conversation, Say(late + say.text, say.buttons), key=key, answers=row.id, urgent=True
        )
        if alarm is not None:
            await self._open_task(tx, conversation_id, row.id, alarm, reply_id)
        if alarm is not None and alarm.category in triage.QUIET_CATEGORIES:
            await addresses.update_conversation(tx, conversation_id, handed_over=True)
            await tx.publish(HandOverRequested(conversation_id=conversation_id, reason="distress"))

    async def give_to_person(self, tx: Transaction, conversation: sa.Row[Any], row: sa.Row[Any]) -> None:
        """A voice note that nobody transcribed: 192 at once, and a person listens. Idempotent."""
        conversation_id = ConversationId(conversation.id)
        late = texts.LATE_PREFIX if triage.is_late(row.sent_at, tx.now()) else ""
        say = Say(late + texts.AUDIO.text)
        key = f"voice:{row.id}"
        if await messages.is_queued(tx, key):
            return
        reply_id = await self._outgoing.queue(tx, conversation, say, key=key, answers=row.id, urgent=True)
        await messages.update_message(tx, row.id, urgency=triage.UNHEARD.level)
        await self._open_task(tx, conversation_id, row.id, triage.UNHEARD, reply_id, since=row.recorded_at)
        await addresses.update_conversation(tx, conversation_id, handed_over=True)
        await tx.publish(HandOverRequested(conversation_id=conversation_id, reason="asked"))

    async def call_back(self, tx: Transaction, conversation_id: ConversationId, message_id: UUID) -> None:
        """What we wrote did not reach the person and must: somebody calls them. Idempotent; one call at a time.

        As urgent as the red flag that the message answered, where it answered one.
        """
        row = await messages.get_message(tx, message_id)
        if await tasks.has_open_call(tx, conversation_id, besides=message_id):
            return
        answered = await tasks.task_of_message(tx, row.answers) if row.answers is not None else None
        alarm = triage.UNDELIVERED
        if answered is not None:
            alarm = replace(alarm, level=answered.level, rules=(*alarm.rules, *answered.rules))
        await self._open_task(tx, conversation_id, message_id, alarm, message_id)

    async def read_button(self, tx: Transaction, conversation: sa.Row[Any], row: Any, body: InboundBody) -> str | None:
        """The button of ours that was tapped, or whose words were typed; an unknown one is understood by its title."""
        if texts.is_ours(body.button) or body.button in self._emergency_ids:
            return body.button
        number = chosen_number(body.text)
        if number is not None:
            return await self._numbered(tx, conversation, row, number)
        typed = texts.fold_title(body.text or "")
        if typed in self._emergency_titles:
            since = row.sent_at - BUTTON_LIVES
            shown = await messages.newest_urgent(tx, ConversationId(conversation.id), since, besides=row.id)
            if shown is not None:
                reply = await self._bodies.outbound(tx.operator_id, conversation.identity_id, shown.id, shown.body)
                found = next((b.id for b in reply.buttons if texts.fold_title(b.title) == typed), None)
                if found is not None:
                    return found
        return texts.TYPED.get(typed)

    async def _numbered(self, tx: Transaction, conversation: sa.Row[Any], row: sa.Row[Any], number: int) -> str | None:
        """The option with that number among those shown last."""
        shown = await messages.newest_offer(tx, ConversationId(conversation.id), row.sent_at)
        if shown is None or row.sent_at - shown.sent_at > BUTTON_LIVES:
            return None
        offer = await self._bodies.outbound(tx.operator_id, conversation.identity_id, shown.id, shown.body)
        options = offer.buttons or offer.rows
        return options[number - 1].id if 1 <= number <= len(options) else None

    @cached_property
    def _emergency_ids(self) -> frozenset[str]:
        return frozenset(button.id for kind in get_args(ReplyKind) for button in self._say(kind).buttons)

    @cached_property
    def _emergency_titles(self) -> frozenset[str]:
        titles = [button.title for kind in get_args(ReplyKind) for button in self._say(kind).buttons]
        return frozenset(texts.fold_title(title) for title in titles)

    async def read_flags(
        self, tx: Transaction, conversation: sa.Row[Any], row: sa.Row[Any], text: str
    ) -> tuple[RedFlags, tuple[Personal, ...]]:
        """The findings in a message, read together with what the same person wrote within five minutes of it."""
        around = await messages.inbound_around(
            tx,
            ConversationId(row.conversation_id),
            row.sent_at - triage.TOGETHER,
            row.sent_at + triage.TOGETHER,
            row.id,
        )
        bodies = [await self._bodies.inbound(tx.operator_id, conversation.identity_id, r.id, r.body) for r in around]
        recent = tuple(Personal(body.said) for body in bodies if body.said)
        return self._language.screen(Personal(text), recent), recent

    async def _cry(
        self, tx: Transaction, conversation: sa.Row[Any], row: sa.Row[Any], button: str
    ) -> tuple[Alarm | None, Say]:
        conversation_id = ConversationId(conversation.id)
        since = row.sent_at - BUTTON_LIVES
        if button == triage.HAPPENING_NOW:
            asked = await messages.newest_asked(tx, conversation_id, triage.ASKED, since)
            text = ""
            if asked is not None:
                text = (
                    await self._bodies.inbound(tx.operator_id, conversation.identity_id, asked.id, asked.body)
                ).said or ""
            flags, _ = await self.read_flags(tx, conversation, asked or row, text)
            alarm, kind = triage.confirmed_alarm(flags)
            return alarm, self._say(kind)
        earlier = await tasks.newest_task(tx, conversation_id, since)
        known = earlier and Alarm(earlier.level, earlier.category, tuple(earlier.rules), earlier.lexicon_version)
        return triage.cry_alarm(button, known), triage.CRIES[button]

    def _say(self, kind: ReplyKind | AdviceKind) -> Say:
        reply = self._language.get_reply(kind)
        return Say(reply.text, tuple(Button(id=b.id, title=b.title) for b in reply.buttons))

    async def escalate(self, tx: Transaction, task_id: UUID, turn: int) -> None:
        """The term of a turn ran out: the next one has it, and the member is told where help is, once a turn.

        Idempotent; an acknowledged task stays as it is.
        """
        task = await tasks.find_task(tx, task_id)
        if task is None or task.state == "acknowledged" or task.turn != turn:
            return
        # The turn counts on also where nobody is left: the same timer moves nothing twice.
        await tasks.update_task(tx, task_id, state="escalated", turn=turn + 1)
        due_at = await self._duty.go_on(tx, task_id, task.level, turn + 1)
        if due_at is not None:
            await tasks.update_task(tx, task_id, due_at=due_at)
        await self._tell_again(tx, task, turn)
        await tx.publish(TriageTaskChanged(task_id=task_id, state="escalated"))

    async def _tell_again(self, tx: Transaction, task: sa.Row[Any], turn: int) -> None:
        say = texts.STILL_NOBODY.get(task.category, texts.STILL_NOBODY_CAME)
        if say is None or triage.is_discreet(task.category, task.rules):
            return
        conversation = await addresses.find_conversation(tx, ConversationId(task.conversation_id))
        assert conversation is not None
        await self._outgoing.queue(tx, conversation, say, key=f"again:{task.id}:{turn}", urgent=True)

    async def tasks(self, caller: Caller, *, open_only: bool, cursor: str | None, limit: int) -> Page[TriageTask]:
        self._access.check(caller, "triage_task:read")
        limit = max(1, min(limit, LARGEST_PAGE))
        after = None
        if cursor is not None:
            after = decode_time_and_id(cursor)
        async with self._database.transaction(caller) as tx:
            rows = await tasks.list_tasks(tx, open_only=open_only, after=after, limit=limit + 1)
            items = tuple([await self._view(tx, row) for row in rows[:limit]])
        more = len(rows) > limit and not open_only
        return Page[TriageTask](
            items=items,
            next_cursor=encode_cursor(rows[limit - 1].opened_at.isoformat(), rows[limit - 1].id) if more else None,
        )

    async def acknowledge(self, caller: Caller, task_id: UUID) -> TriageTask:
        self._access.check(caller, "triage_task:acknowledge")
        async with self._database.transaction(caller) as tx:
            task = await tasks.find_task(tx, task_id)
            if task is None:
                raise NotFound("chat.no_such_task", "no triage task of this operator has that id")
            if task.state != "acknowledged":
                await tasks.update_task(
                    tx, task_id, state="acknowledged", acknowledged_by=caller.principal_id, acknowledged_at=tx.now()
                )
                await tx.publish(TriageTaskChanged(task_id=task_id, state="acknowledged"))
            changed = await tasks.find_task(tx, task_id)
            assert changed is not None
            return await self._view(tx, changed)

    async def _open_task(
        self,
        tx: Transaction,
        conversation_id: ConversationId,
        message_id: UUID,
        alarm: Alarm,
        reply_id: UUID,
        since: datetime | None = None,
    ) -> None:
        task_id = new_id()
        fixed = triage.due_at(alarm.level, since) if since is not None else None
        due_at = fixed or triage.due_at(alarm.level, tx.now())
        is_new = await tasks.insert_task(
            tx,
            {
                "id": task_id,
                "conversation_id": conversation_id,
                "message_id": message_id,
                "reply_id": reply_id,
                "level": alarm.level,
                "category": alarm.category,
                "rules": list(alarm.rules),
                "lexicon_version": alarm.lexicon_version,
                "state": "open",
                "opened_at": tx.now(),
                "due_at": due_at,
                "turn": 0,
            },
        )
        if is_new:
            term = await self._duty.begin(tx, task_id, alarm.level, fixed)
            if term != due_at:
                await tasks.update_task(tx, task_id, due_at=term)
        else:
            # A person was called for a voice note that took long; now its words are known.
            term = triage.due_at(alarm.level, since or tx.now())
            raised = await tasks.raise_task(
                tx,
                message_id,
                level=alarm.level,
                category=alarm.category,
                rules=list(alarm.rules),
                lexicon_version=alarm.lexicon_version,
                reply_id=reply_id,
                due_at=term,
            )
            if raised is None:
                return
            task_id = raised.id
            await tx.publish(TriageTaskDue(task_id=task_id, turn=raised.turn), not_before=term)
        await tx.publish(
            TriageTaskOpened.model_validate(
                {"task_id": task_id, "conversation_id": conversation_id, "level": alarm.level}
            )
        )

    async def _view(self, tx: Transaction, task: sa.Row[Any]) -> TriageTask:
        conversation = await addresses.find_conversation(tx, ConversationId(task.conversation_id))
        assert conversation is not None
        row = await messages.get_message(tx, task.message_id)
        reply = await messages.find_message(tx, task.reply_id)
        words = await self._words(tx, conversation.identity_id, row)
        address = await self._bodies.address(tx.operator_id, conversation.identity_id, conversation.address)
        return TriageTask(
            id=task.id,
            level=task.level,
            category=task.category,
            state=task.state,
            conversation_id=ConversationId(task.conversation_id),
            member_id=MemberId(conversation.member_id) if conversation.member_id else None,
            excerpt=Personal(words),
            voice_note_id=row.id if row.kind == triage.VOICE else None,
            phone=address.callable,
            rules=tuple(task.rules),
            lexicon_version=task.lexicon_version,
            opened_at=task.opened_at,
            due_at=task.due_at,
            acknowledged_by=str(task.acknowledged_by) if task.acknowledged_by else None,
            acknowledged_at=task.acknowledged_at,
            turns=await self._duty.turns(tx, task.id),
            reply_status=shown_status(reply.status) if reply else "unknown",
        )

    async def _words(self, tx: Transaction, identity_id: UUID, row: sa.Row[Any]) -> str:
        """What the person said, or what did not reach them."""
        if row.direction == "out":
            return (await self._bodies.outbound(tx.operator_id, identity_id, row.id, row.body)).text
        return (await self._bodies.inbound(tx.operator_id, identity_id, row.id, row.body)).said or ""


def shown_status(status: str) -> Any:
    """As one of `Message.status`: a send under way shows as queued."""
    return "queued" if status == "sending" else status
