"""The guarantee of attendance: appointments, and tasks of coordinators for those whom nobody attends in time."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.calendar import BusinessCalendar
from austa.kernel.clock import local_date
from austa.kernel.ids import DecisionId, MemberId, PrincipalId, ProviderId, RequestId, new_id
from austa.kernel.personal import Personal
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.access import (
    AccessAct,
    AccessCause,
    AccessNote,
    AccessOutcome,
    AccessStep,
    AccessTask,
    AccessTaskView,
    AccessWork,
    Appointment,
    AppointmentRecorded,
    LadderStep,
    NoAppointmentFound,
)
from austa.modules.prior_auth.domain.access import LADDER, check_appointment, check_work, may_take, refund_by
from austa.modules.prior_auth.domain.refusals import not_authorized, stale_version
from austa.modules.prior_auth.events import AccessTaskOpened
from austa.modules.prior_auth.service.registrar import await_end
from austa.modules.prior_auth.service.rights import check
from austa.modules.prior_auth.service.vault import Vault
from austa.modules.prior_auth.service.views import valid_guide
from austa.modules.prior_auth.store import access as access_store
from austa.modules.prior_auth.store import calendars
from austa.modules.prior_auth.store import requests as store
from austa.modules.privacy.api import Privacy

MODULE = "prior_auth"
Row = sa.Row[Any]


class AccessService:
    """`AccessGuarantee`, and what the timer calls."""

    def __init__(
        self, database: ModuleDatabase, *, access: Access, vault: Vault, members: Members, privacy: Privacy
    ) -> None:
        self._database = database
        self._access = access
        self._vault = vault
        self._members = members
        self._privacy = privacy

    async def record_appointment(self, caller: Caller, request_id: RequestId, told: AppointmentRecorded) -> Appointment:
        """See `AccessGuarantee.record_appointment`."""
        async with self._database.transaction(caller) as tx:
            row = await self._authorized(tx, request_id)
            check_appointment(told.at, tx.now())
            appointment = await self._appoint(tx, row, told)
            task = await access_store.find_open_task(tx, request_id)
            if task is not None:
                await self._act(tx, task, "close", task.step, None, outcome="scheduled")
            return appointment

    async def report(self, caller: Caller, request_id: RequestId, told: NoAppointmentFound) -> AccessTask:
        """See `AccessGuarantee.report`."""
        async with self._database.transaction(caller) as tx:
            row = await self._authorized(tx, request_id)
            task = await access_store.find_open_task(tx, request_id)
            if task is None:
                task = await self._open(tx, row, "reported", told.words)
            elif told.words:
                task = await self._act(tx, task, "note", task.step, told.words)
            return _task(task, await calendars.load_calendar(tx), tx.now())

    async def look(self, tx: Transaction, request_id: RequestId, decision_id: DecisionId) -> None:
        """Three quarters of the attendance term are spent: where nothing is known of an appointment, a coordinator
        looks. Then the guide's last day is waited for."""
        row = await store.get_request(tx, request_id, lock=True)
        decisions = await store.list_decisions(tx, request_id)
        guide = next((one for one in reversed(decisions) if one.guide_number), None)
        if guide is None or guide.id != decision_id:
            return
        known = await access_store.list_appointments(tx, request_id)
        waits = not known and await access_store.find_open_task(tx, request_id) is None
        if waits and valid_guide(row, decisions, tx.now()):
            await self._open(tx, row, "term_near", None)
        await await_end(tx, row, decision_id, guide.valid_until)

    async def list(self, caller: Caller) -> tuple[AccessTask, ...]:
        """See `AccessGuarantee.list`."""
        self._access.check(caller, "access_task:work")
        async with self._database.transaction(caller) as tx:
            rows, calendar = await access_store.list_open_tasks(tx), await calendars.load_calendar(tx)
            return tuple(_task(row, calendar, tx.now()) for row in rows)

    async def get(self, caller: Caller, task_id: UUID) -> AccessTaskView:
        """See `AccessGuarantee.get`."""
        self._access.check(caller, "access_task:work")
        async with self._database.transaction(caller) as tx:
            task = await access_store.get_task(tx, task_id)
            notes = await access_store.list_notes(tx, task_id)
            appointments = await access_store.list_appointments(tx, RequestId(task.request_id))
            shown, now = _task(task, await calendars.load_calendar(tx), tx.now()), tx.now()
        below = Caller.system(caller.operator_id, MODULE, caller.causation, caller.correlation)
        member = await self._members.get(below, MemberId(task.member_id))
        subject = await self._members.subject(below, MemberId(task.member_id))
        await self._privacy.record_access(caller, subject, "authorization", "care_coordination", task.request_id)
        reached = next((note.at for note in notes if note.act == "step" and note.step == "reimbursement"), None)
        return AccessTaskView(
            task=shown,
            member_name=member.name,
            phones=member.phones,
            ladder=tuple(
                LadderStep(
                    step=step,
                    text=text,
                    clause=clause,
                    may_take=task.outcome is None and may_take(task.step, step),
                )
                for step, (text, clause) in LADDER.items()
            ),
            notes=tuple([await self._note(task, note) for note in notes]),
            appointments=tuple(_appointment(one) for one in appointments),
            refund_by=refund_by(reached, ZoneInfo(task.zone)) if reached and reached <= now else None,
        )

    async def work(self, caller: Caller, task_id: UUID, work: AccessWork) -> AccessTaskView:
        """See `AccessGuarantee.work`."""
        self._access.check(caller, "access_task:work")
        async with self._database.transaction(caller) as tx:
            task = await access_store.get_task(tx, task_id, lock=True)
            if task.version != work.expected_version:
                raise stale_version(work.expected_version, task.version)
            check_work(work, task.step, closed=task.outcome is not None)
            if work.appointment:
                row = await store.get_request(tx, RequestId(task.request_id), lock=True)
                check_appointment(work.appointment.at, tx.now())
                await self._appoint(tx, row, work.appointment)
            step: AccessStep = work.step if work.act == "step" and work.step else task.step
            await self._act(tx, task, work.act, step, work.text, outcome=work.outcome)
        return await self.get(caller, task_id)

    async def _authorized(self, tx: Transaction, request_id: RequestId) -> Row:
        """A request whose guide may be used, locked; of whoever may speak of its care."""
        row = await store.get_request(tx, request_id, lock=True)
        check(self._access, tx.caller, "authorization:attendance", row)
        if valid_guide(row, await store.list_decisions(tx, request_id), tx.now()) is None:
            raise not_authorized(row.state)
        return row

    async def _appoint(self, tx: Transaction, row: Row, told: AppointmentRecorded) -> Appointment:
        place = tx.caller.provider_id or told.provider_id or row.provider_id
        known = await access_store.list_appointments(tx, RequestId(row.id))
        if known and (known[-1].at, known[-1].provider_id) == (told.at, place):
            return _appointment(known[-1])
        await access_store.append_appointment(
            tx,
            {
                "request_id": row.id,
                "at": told.at,
                "provider_id": place,
                "recorded_at": tx.now(),
                "recorded_by": tx.caller.actor,
            },
        )
        return _appointment((await access_store.list_appointments(tx, RequestId(row.id)))[-1])

    async def _open(self, tx: Transaction, row: Row, cause: AccessCause, words: Personal | None) -> Row:
        task_id = new_id()
        attend_by: datetime = row.attend_by or row.due_at
        await access_store.insert_task(
            tx,
            {
                "id": task_id,
                "request_id": row.id,
                "cause": cause,
                "opened_at": tx.now(),
                "attend_by": attend_by,
                "step": "network",
                "version": 0,
            },
        )
        await tx.publish(
            AccessTaskOpened(request_id=RequestId(row.id), task_id=task_id, cause=cause, attend_by=attend_by)
        )
        task = await access_store.get_task(tx, task_id, lock=True)
        return await self._act(tx, task, "open", "network", words)

    async def _act(
        self,
        tx: Transaction,
        task: Row,
        act: AccessAct,
        step: AccessStep,
        text: Personal | None,
        *,
        outcome: AccessOutcome | None = None,
    ) -> Row:
        """Write it down, and what it changes."""
        number = task.version + 1
        content = {"text": text.reveal() if text else None}
        await access_store.append_note(
            tx,
            {
                "task_id": task.id,
                "sequence": number,
                "at": tx.now(),
                "by": tx.caller.actor,
                "act": act,
                "step": step,
                "content": await self._vault.seal(
                    tx.operator_id, task.subject_id, f"access_note/{number}", task.id, content
                ),
            },
        )
        by = PrincipalId(UUID(tx.caller.id)) if tx.caller.kind == "staff" and act in {"take", "step"} else task.taken_by
        await access_store.update_task(
            tx,
            task.id,
            {
                "version": number,
                "step": step,
                "taken_by": by,
                "outcome": outcome if act == "close" else task.outcome,
            },
        )
        return await access_store.get_task(tx, task.id)

    async def _note(self, task: Row, note: Row) -> AccessNote:
        content = await self._vault.open(
            task.operator_id, task.subject_id, f"access_note/{note.sequence}", task.id, note.content
        )
        return AccessNote(
            sequence=note.sequence,
            at=note.at,
            by=note.by,
            act=note.act,
            step=note.step,
            text=Personal(content["text"]) if content["text"] else None,
        )


def _appointment(row: Row) -> Appointment:
    return Appointment(
        at=row.at,
        provider_id=ProviderId(row.provider_id) if row.provider_id else None,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )


def _task(row: Row, calendar: BusinessCalendar, now: datetime) -> AccessTask:
    zone = ZoneInfo(row.zone)
    return AccessTask(
        task_id=row.id,
        request_id=RequestId(row.request_id),
        protocol=row.protocol,
        procedure=row.procedure,
        cause=row.cause,
        opened_at=row.opened_at,
        attend_by=row.attend_by,
        days_left=calendar.count(local_date(now, zone), local_date(row.attend_by, zone)),
        step=row.step,
        taken_by=PrincipalId(row.taken_by) if row.taken_by else None,
        outcome=row.outcome,
        version=row.version,
    )
