"""Duty: who has the turn of an alert, who is told of it, and the roster that says so."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from pydantic_core import to_json

from austa.infra import telemetry
from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.errors import AustaError, NotFound
from austa.kernel.ids import NotificationId, PrincipalId
from austa.kernel.personal import REVEAL, Personal
from austa.modules.chat.api.conversations import TaskTurn
from austa.modules.chat.api.duty import Colleague, DutyNow, DutyRoster, Post, Roster, roster_changed
from austa.modules.chat.domain import duty as rules
from austa.modules.chat.domain.duty import Turn
from austa.modules.chat.events import TriageTaskDue, TriageTurnBegan
from austa.modules.chat.service.bodies import Bodies, DutyContact
from austa.modules.chat.store import duty, tasks
from austa.modules.identity.api import Identity
from austa.modules.notifications.api import Notifications, StaffRecipient

POSTS: tuple[Post, ...] = ("nurse", "on_call")
LEVELS = {"RED": "EMERGÊNCIA", "ORANGE": "MUITO URGENTE"}
"""As the alerts page calls them."""

log = structlog.get_logger()


class DutyService:
    """Keeps the roster, and gives alerts their turns."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        access: Access,
        *,
        identity: Identity,
        notifications: Notifications,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._access = access
        self._identity = identity
        self._notifications = notifications

    async def roster(self, caller: Caller) -> DutyRoster:
        self._access.check(caller, "triage_task:read")
        return await self._view(caller)

    async def save(self, caller: Caller, roster: Roster, version: int) -> DutyRoster:
        self._access.check(caller, "duty:change")
        rules.check_roster(roster)
        operator = await self._identity.get_operator(caller)
        kept = roster.model_copy(update={"time_zone": operator.time_zone})
        async with self._database.transaction(caller) as tx:
            await tx.lock("chat.duty_roster")
            newest = await duty.newest_roster(tx)
            if (newest.version if newest else 0) != version:
                raise roster_changed()
            text = to_json(kept, context=REVEAL).decode()
            body = await self._bodies.seal_own(tx.operator_id, f"duty_roster.body:{version + 1}", text)
            values = {"version": version + 1, "body": body, "changed_by": caller.principal_id, "changed_at": tx.now()}
            await duty.insert_roster(tx, values)
        return await self._view(caller)

    # What alerts and handlers call

    async def begin(self, tx: Transaction, task_id: UUID, level: Any, due_at: datetime | None = None) -> datetime:
        """Give a new alert its first turn; returns by when it must be acknowledged. `due_at`: when that is fixed."""
        turn = rules.next_turn(await self._roster(tx), level, tx.now(), 0, ())
        assert turn is not None
        term = due_at or tx.now() + timedelta(seconds=turn.seconds)
        await self._give(tx, task_id, turn, term)
        return term

    async def go_on(self, tx: Transaction, task_id: UUID, level: Any, number: int) -> datetime | None:
        """Nobody acknowledged in time: give it to the next one; None when all had their turn."""
        had = await duty.list_turns(tx, task_id)
        tried = {PrincipalId(row.person) for row in had if row.person is not None}
        turn = rules.next_turn(await self._roster(tx), level, tx.now(), number, tried)
        if turn is None:
            return None
        term = tx.now() + timedelta(seconds=turn.seconds)
        await self._give(tx, task_id, turn, term)
        return term

    async def alert(self, caller: Caller, task_id: UUID, number: int) -> NotificationId | None:
        """Tell whose turn it is, where a channel reaches them. None where it is everybody's, or nobody's any more."""
        async with self._database.transaction(caller) as tx:
            task = await tasks.find_task(tx, task_id)
            turn = await duty.find_turn(tx, task_id, number)
        if task is None or turn is None or turn.person is None or task.state == "acknowledged" or task.turn != number:
            return None
        try:
            person = await self._identity.get_staff(caller, PrincipalId(turn.person))
        except NotFound:
            return None
        contact = await self._contact(caller, turn)
        phone = Personal(contact.phone) if contact and contact.phone else None
        to = StaffRecipient(principal_id=person.id, email=person.email, phone=phone)
        values = {"level": Personal(LEVELS[task.level]), "name": person.name}
        return await self._notifications.notify(caller, f"duty:{task_id}:{number}", to, "duty_alert", values)

    async def record_alert(
        self, tx: Transaction, task_id: UUID, number: int, notification_id: NotificationId | None
    ) -> None:
        """Keep that a message was handed over."""
        if notification_id is not None:
            await duty.update_turn(tx, task_id, number, notification_id=notification_id)

    async def turns(self, tx: Transaction, task_id: UUID) -> tuple[TaskTurn, ...]:
        """Whose turn an alert was, in order."""
        turns = []
        for row in await duty.list_turns(tx, task_id):
            contact = await self._contact(tx.caller, row)
            turns.append(
                TaskTurn(
                    number=row.number,
                    post=row.post,
                    name=Personal(contact.name) if contact else None,
                    phone=Personal(contact.phone) if contact and contact.phone else None,
                    began_at=row.began_at,
                    due_at=row.due_at,
                    was_told=row.notification_id is not None,
                )
            )
        return tuple(turns)

    async def _give(self, tx: Transaction, task_id: UUID, turn: Turn, term: datetime) -> None:
        contact = None
        if turn.shift is not None:
            phone = turn.shift.phone.reveal() if turn.shift.phone else None
            told = DutyContact(name=turn.shift.name.reveal(), phone=phone)
            contact = await self._bodies.seal_own(tx.operator_id, _place(task_id, turn.number), to_json(told).decode())
        await duty.insert_turn(
            tx,
            {
                "task_id": task_id,
                "number": turn.number,
                "post": turn.post,
                "person": turn.shift.person if turn.shift else None,
                "contact": contact,
                "due_at": term,
            },
        )
        await tx.publish(
            TriageTurnBegan(task_id=task_id, turn=turn.number, of_everybody=turn.shift is None), priority=1
        )
        await tx.publish(TriageTaskDue(task_id=task_id, turn=turn.number), not_before=term)

    async def _roster(self, tx: Transaction) -> Roster | None:
        """None where there is none, or it cannot be read: an alert is then everybody's, and waits for no roster."""
        row = await duty.newest_roster(tx)
        try:
            return None if row is None else await self._open(tx.caller, row)
        except (AustaError, ValueError) as error:
            log.error("chat.roster_unreadable", where=telemetry.where(error))
            return None

    async def _open(self, caller: Caller, row: sa.Row[Any]) -> Roster:
        return Roster.read(await self._bodies.open_own(caller.operator_id, f"duty_roster.body:{row.version}", row.body))

    async def _contact(self, caller: Caller, row: sa.Row[Any]) -> DutyContact | None:
        if row.contact is None:
            return None
        place = _place(row.task_id, row.number)
        return DutyContact.read(await self._bodies.open_own(caller.operator_id, place, row.contact))

    async def _view(self, caller: Caller) -> DutyRoster:
        async with self._database.transaction(caller) as tx:
            row = await duty.newest_roster(tx)
            now = tx.now()
        if row is None:
            zone = (await self._identity.get_operator(caller)).time_zone
            empty = Roster(shifts=(), steps=rules.DEFAULT_STEPS, time_zone=zone)
            return DutyRoster(version=0, roster=empty, now=_now(empty, now), changed_by=None, changed_at=None)
        roster = await self._open(caller, row)
        author = await self._identity.get_staff_many(caller, frozenset({PrincipalId(row.changed_by)}))
        return DutyRoster(
            version=row.version,
            roster=roster,
            now=_now(roster, now),
            changed_by=next((Colleague(id=one.id, name=one.name) for one in author), None),
            changed_at=row.changed_at,
        )


def _now(roster: Roster, now: datetime) -> tuple[DutyNow, ...]:
    return tuple(
        DutyNow(
            post=post,
            people=tuple(Colleague(id=shift.person, name=shift.name) for shift in rules.on_duty(roster, post, now)),
            gaps=rules.gaps(roster, post),
        )
        for post in POSTS
    )


def _place(task_id: UUID, number: int) -> str:
    return f"triage_turn.contact:{task_id}:{number}"
