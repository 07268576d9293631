"""Turns of many conversations at once: what was said is understood together, each conversation answers in its order.

Messages of one conversation that wait together each take effect in order and get one reply, which quotes the newest.
One that was sent before what is heard already comes late: it is answered by itself, and never answers a question that
was asked after it was sent.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from austa.infra.db import ModuleDatabase
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock
from austa.kernel.personal import Personal
from austa.modules.chat.domain import texts, triage
from austa.modules.chat.domain.dialogue.respond import UNANSWERED
from austa.modules.chat.domain.flows import Step
from austa.modules.chat.domain.hearing import gather, heard
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.turn import DialogueState, Heard, Input, Known
from austa.modules.chat.domain.webhook import precise_kind
from austa.modules.chat.service.acts import TurnResult
from austa.modules.chat.service.hearing import intents_of
from austa.modules.chat.service.keeping import Message
from austa.modules.chat.service.turns import Reply, Taken, Turns, address_changed, prefixed
from austa.modules.language.api.language import Intent, Language, Understanding, UtteranceContext

ANY_TIME = {"opt_out", "ask_person"}
"""What a late message may still mean while a question of ours is open."""

TOGETHER = 64
"""Messages that are understood at once: more are hardly faster a message, and hold the other conversations up."""


@dataclass(frozen=True)
class Understood:
    """A message as it was understood in that context."""

    context: UtteranceContext
    understanding: Understanding
    intents: tuple[Intent, ...]


@dataclass
class Waiting:
    """The messages of one conversation that wait, in their order, and what came of those that were taken."""

    conversation: sa.Row[Any]
    messages: list[Message]
    state: DialogueState
    known: Known
    understood: dict[int, Understood] = field(default_factory=dict)
    results: list[TurnResult] = field(default_factory=list)

    @property
    def now(self) -> DialogueState:
        """What is remembered after what was taken."""
        return self.results[-1].state if self.results else self.state


class Conversing:
    """Takes turns of many conversations."""

    def __init__(self, database: ModuleDatabase, clock: Clock, language: Language, turns: Turns) -> None:
        self._database = database
        self._clock = clock
        self._language = language
        self._turns = turns

    async def gather(self, caller: Caller, kept: Sequence[Message]) -> list[Waiting]:
        """The conversations that these messages wait in."""
        by_conversation: dict[Any, list[Message]] = {}
        for message in kept:
            by_conversation.setdefault(message.row.conversation_id, []).append(message)
        async with self._database.transaction(caller) as tx:
            firsts = {conversation_id: some[0].row.sent_at for conversation_id, some in by_conversation.items()}
            facts = await self._turns.facts(tx, firsts, besides=[message.row.id for message in kept])
            linked = await self._turns.linked(tx, [some[-1].conversation for some in by_conversation.values()])
        waiting = []
        for conversation_id, some in by_conversation.items():
            conversation = some[-1].conversation
            known = self._turns.known(conversation, facts[conversation_id], linked, self._clock.now())
            state = await self._turns.state_of(caller, conversation)
            waiting.append(Waiting(conversation, some, state, known))
        return waiting

    async def take_alone(self, caller: Caller, waiting: Sequence[Waiting]) -> list[Waiting]:
        """Take the turns of all for which nobody else must be asked; returns those, whole. The others are as they
        were, but for what was understood."""
        going = list(waiting)
        for at in range(max((len(each.messages) for each in going), default=0)):
            speaking = [each for each in going if at < len(each.messages)]
            await self._understand(speaking, at)
            for each in speaking:
                result, given = self._begin(each, at)
                if given is not None:
                    known = await self._turns.begin(caller, result, self._known(each, at), given)
                    if not self._turns.play_alone(result, known, given):
                        each.results.clear()
                        going.remove(each)
                        continue
                each.results.append(result)
        return going

    async def take(self, caller: Caller, each: Waiting) -> None:
        """Take the turns of one, asking whom it takes. May be repeated: each call is idempotent by its message's id."""
        each.results.clear()
        for at, message in enumerate(each.messages):
            await self._understand([each], at)
            result, given = self._begin(each, at)
            if given is not None:
                known = await self._turns.begin(caller, result, self._known(each, at), given)
                await self._turns.play(caller, each.conversation, result, known, given, message.row.id)
            each.results.append(result)

    def taken(self, each: Waiting) -> Taken:
        """What came of them, and what is said: one reply to those that came in time, one to each that came late."""
        now = self._clock.now()
        in_time: list[Sequence[Say]] = []
        quoted: Message | None = None
        replies = []
        for message, result in zip(each.messages, each.results, strict=True):
            if self._is_behind(each, message):
                late = texts.LATE_PREFIX if triage.is_late(message.row.sent_at, now) else ""
                replies.append(Reply(message.row.id, message.row.id, prefixed(late, result.says)))
            elif result.says:
                in_time.append(result.says)
                quoted = message
        if quoted is not None:
            late = texts.LATE_PREFIX if triage.is_late(quoted.row.sent_at, now) else ""
            replies.append(Reply(quoted.row.id, quoted.row.id, prefixed(late, gather(in_time))))
        pairs = [(message.row.id, result) for message, result in zip(each.messages, each.results, strict=True)]
        return Taken(each.conversation, pairs, replies)

    def _begin(self, each: Waiting, at: int) -> tuple[TurnResult, Input | None]:
        """The turn of a message, and what it gives the dialogue; None for what changes nothing for us."""
        message = each.messages[at]
        result = TurnResult(each.now)
        if message.row.kind == triage.VOICE and message.body.said is None:
            # Its turn comes when it is heard.
            return result, None
        if message.row.kind == "system":
            return result, address_changed(message.body.raw)
        given = self._heard(message, each.understood[at], each.now.awaiting)
        result.raised = given.raised
        if self._is_behind(each, message) and _may_mistake(each.now, given):
            result.says.append(texts.CAME_LATE)
            return result, None
        return result, given

    @staticmethod
    def _is_behind(each: Waiting, message: Message) -> bool:
        heard_at = each.state.heard_at
        return heard_at is not None and message.row.sent_at < heard_at

    def _known(self, each: Waiting, at: int) -> Known:
        """The facts around one of the turns: those before it are among them."""
        earlier = each.messages[:at]
        alarms = [message.alarm for message in each.messages[: at + 1] if message.alarm is not None]
        linked = next((result.linked for result in reversed(each.results) if result.linked), None)
        known = each.known.with_link(linked) if linked else each.known
        return replace(
            known,
            previous_at=earlier[-1].row.sent_at if earlier else known.previous_at,
            alarmed=known.alarmed or bool(alarms),
            quiet=known.quiet or any(alarm.category in triage.QUIET_CATEGORIES for alarm in alarms),
        )

    async def _understand(self, speaking: Sequence[Waiting], at: int) -> None:
        """Understand the message at that place of each, together; what was understood so already is not again."""
        asked = []
        for each in speaking:
            message = each.messages[at]
            context = self._turns.context(each.now, message.recent)
            known = each.understood.get(at)
            if known is None or known.context != context:
                asked.append((each, message, context))
        for start in range(0, len(asked), TOGETHER):
            some = asked[start : start + TOGETHER]
            found = await asyncio.to_thread(self._read, [(message, context) for _, message, context in some])
            for (each, *_), understood in zip(some, found, strict=True):
                each.understood[at] = understood

    def _read(self, some: Sequence[tuple[Message, UtteranceContext]]) -> list[Understood]:
        said = [(Personal(message.body.said or ""), context) for message, context in some]
        found = self._language.understand_many(said, screened=[message.flags for message, _ in some])
        intents = intents_of(self._language, said, found)
        return [Understood(*each) for each in zip((context for _, context in some), found, intents, strict=True)]

    @staticmethod
    def _heard(message: Message, understood: Understood, awaiting: Step | None) -> Heard:
        return heard(
            kind=precise_kind(message.body.raw),
            text=message.body.said,
            transcript=message.body.transcript,
            button=message.button,
            sent_at=message.row.sent_at,
            flags=message.flags,
            understood=understood.understanding,
            intents=understood.intents,
            has_file=message.has_file,
            awaiting=awaiting,
        )


def _may_mistake(state: DialogueState, given: Heard) -> bool:
    """Whether words that come late could be taken for the answer to a question asked since. A tapped button names its
    question; what is answered as an emergency, or by a person, needs no other answer."""
    needs_none = given.is_answered or given.raised is not None or state.handed_over
    return (
        state.awaiting is not None
        and given.button is None
        and given.kind not in UNANSWERED
        and not needs_none
        and not ANY_TIME & {*given.intents}
    )
