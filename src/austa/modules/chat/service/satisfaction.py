"""Asks how people found the attendance, at most once in a month, and counts what they say."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid
from austa.kernel.ids import ConversationId, MemberId, RequestId
from austa.modules.chat.api.satisfaction import Door, SatisfactionWeek
from austa.modules.chat.domain.turn import AskRating
from austa.modules.chat.events import SatisfactionTold, TurnDue
from austa.modules.chat.service.acts import TurnResult
from austa.modules.chat.service.sending import WINDOW
from austa.modules.chat.store import addresses, messages, satisfaction, tasks
from austa.modules.identity.api import Identity
from austa.modules.prior_auth.api.requests import PriorAuth, RequestFilter

ONCE_IN = timedelta(days=30)
AFTER_ALARM = timedelta(days=30)
"""Whoever had an emergency within this time is not asked."""
AFTER_DECISION = timedelta(minutes=10)
"""Time for the answer to arrive and be read."""
NEWEST = 5
"""So many of a member's newest requests are looked at: after a denial nobody is asked."""
MOST_WEEKS = 104


class SatisfactionService:
    """Whom to ask, what was answered, and the figures."""

    def __init__(self, database: ModuleDatabase, access: Access, *, identity: Identity, prior_auth: PriorAuth) -> None:
        self._database = database
        self._access = access
        self._identity = identity
        self._prior_auth = prior_auth

    async def weeks(self, caller: Caller, weeks: int) -> tuple[SatisfactionWeek, ...]:
        """See `Satisfaction.weeks`."""
        self._access.check(caller, "conversation:read")
        if not 1 <= weeks <= MOST_WEEKS:
            raise Invalid("chat.weeks_refused", f"weeks lies between 1 and {MOST_WEEKS}")
        zone = (await self._identity.get_operator(caller)).time_zone
        async with self._database.transaction(caller) as tx:
            rows = await satisfaction.weeks(tx, tx.now() - timedelta(weeks=weeks), zone)
        return tuple(
            SatisfactionWeek(
                monday=row.monday,
                door=row.door,
                asked=row.asked,
                ratings=(row.r1, row.r2, row.r3, row.r4, row.r5),
                complaints=row.complaints,
            )
            for row in rows
        )

    async def member_of(self, caller: Caller, request_id: RequestId) -> MemberId:
        """Whose request was decided."""
        return (await self._prior_auth.get(caller, request_id)).member_id

    async def approval_kept(self, tx: Transaction, decision_id: UUID, member_id: MemberId) -> None:
        """A request was approved: ask where they wrote last, once the answer has arrived."""
        row = await addresses.newest_conversation_of_member(tx, member_id)
        if row is not None:
            due = TurnDue(conversation_id=ConversationId(row.id), cause="rate_decision", reference=decision_id)
            await tx.publish(due, not_before=tx.now() + AFTER_DECISION)

    async def question(self, tx: Transaction, conversation: sa.Row[Any], door: Door) -> AskRating | None:
        """None where nobody is asked: outside the window, asked lately, after an emergency, or nothing arrived."""
        now = tx.now()
        if conversation.last_inbound_at is None or now - conversation.last_inbound_at > WINDOW:
            return None
        conversation_id = ConversationId(conversation.id)
        if await satisfaction.asked_since(tx, conversation.identity_id, now - ONCE_IN):
            return None
        if await tasks.newest_task(tx, conversation_id, now - AFTER_ALARM) is not None:
            return None
        if door == "decision" and not await messages.notified_since(tx, conversation_id, now - 2 * AFTER_DECISION):
            return None
        return AskRating(door)

    async def was_denied(self, caller: Caller, members: tuple[MemberId, ...]) -> bool:
        """Whether one of the newest requests of these people was denied, in whole or in part."""
        for member_id in members:
            page = await self._prior_auth.list(caller, RequestFilter(member_id=member_id))
            if any(line.state in {"DENIED", "PARTIALLY_APPROVED"} for line in page.items[:NEWEST]):
                return True
        return False

    async def record(self, tx: Transaction, conversation: sa.Row[Any], reference: UUID, result: TurnResult) -> None:
        """Keep that it was asked, or what was answered."""
        identity_id = conversation.identity_id
        if result.asked_rating is not None:
            await satisfaction.forget_people(tx, tx.now() - ONCE_IN)
            question = {"id": reference, "identity_id": identity_id, "door": result.asked_rating}
            await satisfaction.insert_question(tx, question)
        if result.rating is not None:
            door = await satisfaction.answer(tx, identity_id, rating=result.rating, rated_at=tx.now())
            if door is not None:
                await tx.publish(SatisfactionTold.model_validate({"door": door, "rating": result.rating}))
        if result.hand_over == "complaint":
            await satisfaction.answer(tx, identity_id, complained=True)
