"""The live inbox of the staff: who holds a conversation that people answer, and what they see of it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.infra.pages import decode_time_and_id, encode_cursor
from austa.kernel.actors import Caller, Role
from austa.kernel.contracts import Page
from austa.kernel.ids import ConversationId, MemberId, PrincipalId, SubjectId, new_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import Message, no_such_conversation, text_refused
from austa.modules.chat.api.duty import Colleague
from austa.modules.chat.api.hand_overs import (
    HandOver,
    HandOverCounts,
    HandOverEntry,
    HandOverLine,
    HandOverList,
    HandOverView,
    Looker,
    alert_open,
    cannot_answer,
    holder_changed,
)
from austa.modules.chat.domain.channels import channel_of, is_web
from austa.modules.chat.events import HandOverChanged, TurnDue
from austa.modules.chat.service.bodies import Bodies, Note
from austa.modules.chat.service.sending import WINDOW
from austa.modules.chat.service.views import view_messages
from austa.modules.chat.store import addresses, attachments, hand_overs
from austa.modules.identity.api import Identity, Principal
from austa.modules.members.api import Members
from austa.modules.prior_auth.api.requests import PriorAuth, RequestFilter
from austa.modules.privacy.api import Privacy

MOST_OPEN = 200
CLOSED_PAGE = 50
MESSAGES_PAGE = 50
ENTRIES_SHOWN = 200
LONGEST_NOTE = 4096
LOOKS_FOR = timedelta(seconds=20)
"""So long after their screen last said so, somebody is taken to look at a conversation."""

ANSWERING: frozenset[Role] = frozenset(
    {"nurse_auditor", "medical_auditor", "care_coordinator", "technical_director", "authorization_analyst"}
)
"""Roles whose people may be given a conversation; the policy (`message:send`) has the last word."""
UNKNOWN = Personal("—")
"""Shown for a person whose data was erased."""

RATED_AFTER = timedelta(minutes=1)
"""After closing, before it is asked how it was: a last word of the staff may still be on its way."""


class HandOverService:
    """Lists, shows and assigns conversations that people answer."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        access: Access,
        *,
        identity: Identity,
        members: Members,
        prior_auth: PriorAuth,
        privacy: Privacy,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._access = access
        self._identity = identity
        self._members = members
        self._prior_auth = prior_auth
        self._privacy = privacy

    async def list(self, caller: Caller, view: HandOverView, cursor: str | None) -> HandOverList:
        self._access.check(caller, "conversation:read")
        after = decode_time_and_id(cursor) if cursor is not None else None
        next_cursor = None
        async with self._database.transaction(caller) as tx:
            if view == "closed":
                rows = await hand_overs.list_closed(tx, after, CLOSED_PAGE + 1)
                if len(rows) > CLOSED_PAGE:
                    rows = rows[:CLOSED_PAGE]
                    next_cursor = encode_cursor(rows[-1].closed_at.isoformat(), rows[-1].id)
            else:
                holder = caller.principal_id if view == "mine" else None
                rows = await hand_overs.list_open(tx, holder=holder, unassigned=view == "unassigned", limit=MOST_OPEN)
            unassigned, mine, all_open = await hand_overs.count_open(tx, caller.principal_id)
        return HandOverList(
            items=await self._lines(caller, rows),
            counts=HandOverCounts(unassigned=unassigned, mine=mine, open=all_open),
            next_cursor=next_cursor,
        )

    async def find(self, caller: Caller, words: Personal) -> tuple[HandOverLine, ...]:
        self._access.check(caller, "conversation:read")
        member_id = await self._member_of(caller, words.reveal())
        if member_id is None:
            return ()
        async with self._database.transaction(caller) as tx:
            found = await addresses.conversations_of_member(tx, member_id)
            rows = [await hand_overs.find_line(tx, ConversationId(row.id)) for row in found]
        return await self._lines(caller, [row for row in rows if row is not None])

    async def open(self, caller: Caller, conversation_id: ConversationId) -> HandOver:
        self._access.check(caller, "conversation:read")
        await self._look(caller, conversation_id)
        return await self._view(caller, conversation_id)

    async def messages(self, caller: Caller, conversation_id: ConversationId, cursor: str | None) -> Page[Message]:
        self._access.check(caller, "conversation:read")
        before = decode_time_and_id(cursor) if cursor is not None else None
        identity_id = await self._look(caller, conversation_id)
        async with self._database.transaction(caller) as tx:
            rows = await hand_overs.list_older(tx, conversation_id, before, MESSAGES_PAGE + 1)
            shown = rows[:MESSAGES_PAGE]
            files = await attachments.documents_of_messages(tx, [row.id for row in shown])
            items = await view_messages(tx, self._bodies, (conversation_id, identity_id), shown, files)
        more = len(rows) > MESSAGES_PAGE
        return Page[Message](
            items=items,
            next_cursor=encode_cursor(shown[-1].sent_at.isoformat(), shown[-1].id) if more else None,
        )

    async def assign(
        self,
        caller: Caller,
        conversation_id: ConversationId,
        to: PrincipalId | None,
        expected: PrincipalId | None,
    ) -> HandOver:
        self._access.check(caller, "message:send")
        if to is not None and to != caller.principal_id:
            await self._check_may_answer(caller, to)
        async with self._database.transaction(caller) as tx:
            await self._ensure(tx, conversation_id)
            held = await hand_overs.lock_hand_over(tx, conversation_id)
            assert held is not None
            if held.holder != expected:
                raise holder_changed(held.holder)
            if to != expected:
                await hand_overs.update_hand_over(tx, conversation_id, holder=to)
                await addresses.update_conversation(tx, conversation_id, handed_over=True)
                change = "released" if to is None else "taken" if to == caller.principal_id else "given"
                await self._tell(tx, conversation_id, change, receiver=to if change == "given" else None)
        return await self.open(caller, conversation_id)

    async def give_back(self, caller: Caller, conversation_id: ConversationId) -> HandOver:
        return await self._end(caller, conversation_id, "given_back")

    async def close(self, caller: Caller, conversation_id: ConversationId) -> HandOver:
        return await self._end(caller, conversation_id, "closed")

    async def note(self, caller: Caller, conversation_id: ConversationId, text: Personal) -> HandOverEntry:
        self._access.check(caller, "message:send")
        if not text.reveal().strip() or len(text.reveal()) > LONGEST_NOTE:
            raise text_refused()
        note_id = new_id()
        async with self._database.transaction(caller) as tx:
            identity_id = await self._ensure(tx, conversation_id, reopen=False)
            place = f"hand_over_entry.body:{note_id}"
            body = await self._bodies.seal(tx.operator_id, identity_id, place, Note(text=text.reveal()))
            await self._tell(tx, conversation_id, "note", entry_id=note_id, body=body)
            at = tx.now()
        names = await self._names(caller, [caller.principal_id])
        return HandOverEntry(
            id=note_id, kind="note", author=names.of(caller.principal_id), receiver=None, reason=None, text=text, at=at
        )

    async def show(self, caller: Caller, conversation_id: ConversationId, *, is_typing: bool) -> tuple[Looker, ...]:
        self._access.check(caller, "conversation:read")
        await self._look(caller, conversation_id, is_typing=is_typing)
        return await self._others(caller, conversation_id)

    async def colleagues(self, caller: Caller) -> tuple[Colleague, ...]:
        self._access.check(caller, "message:send")
        found = await self._identity.staff_of_roles(caller, ANSWERING)
        people = [Colleague(id=one.id, name=one.name) for one in found if self._may_answer(caller, one)]
        return tuple(sorted(people, key=lambda one: one.name.reveal().casefold()))

    # What others in this module call

    async def begin(self, tx: Transaction, conversation_id: ConversationId, reason: str) -> None:
        """The dialogue or a red flag asked for a person. Idempotent."""
        if await hand_overs.open_hand_over(tx, conversation_id, reason):
            await self._tell(tx, conversation_id, "handed_over", reason=reason)

    async def inform(self, tx: Transaction, conversation_id: ConversationId, reason: str, summary: str) -> None:
        """Begin a hand-over with a note of the assistant: what whoever takes it should know first."""
        await self.begin(tx, conversation_id, reason)
        identity_id = await self._ensure(tx, conversation_id, reopen=False)
        note_id = new_id()
        body = await self._bodies.seal(
            tx.operator_id, identity_id, f"hand_over_entry.body:{note_id}", Note(text=summary)
        )
        await self._tell(tx, conversation_id, "note", entry_id=note_id, body=body)

    async def write(self, tx: Transaction, conversation_id: ConversationId) -> None:
        """Whoever writes holds the conversation: take it where nobody does. Raises `Conflict` where another one does.

        AUSTA itself, where it writes in the name of a person elsewhere, holds nothing.
        """
        if tx.caller.kind != "staff":
            return
        await self._ensure(tx, conversation_id)
        held = await hand_overs.lock_hand_over(tx, conversation_id)
        assert held is not None
        if held.holder is None:
            await self._tell(tx, conversation_id, "taken")
        elif held.holder != tx.caller.principal_id:
            raise holder_changed(held.holder)
        await hand_overs.update_hand_over(tx, conversation_id, holder=tx.caller.principal_id, answered_at=tx.now())
        await tx.publish(HandOverChanged(conversation_id=conversation_id, change="answered"))

    async def _end(self, caller: Caller, conversation_id: ConversationId, how: str) -> HandOver:
        self._access.check(caller, "message:send")
        async with self._database.transaction(caller) as tx:
            held = await hand_overs.lock_hand_over(tx, conversation_id)
            if held is None:
                raise no_such_conversation()
            if held.state == "open":
                if held.holder not in {None, caller.principal_id}:
                    raise holder_changed(held.holder)
                if await hand_overs.open_tasks(tx, conversation_id):
                    raise alert_open()
                await hand_overs.update_hand_over(tx, conversation_id, state="closed", holder=None, closed_at=tx.now())
                await addresses.update_conversation(tx, conversation_id, handed_over=False)
                entry_id = new_id()
                await self._tell(tx, conversation_id, how, entry_id=entry_id)
                if how == "closed":
                    due = TurnDue(conversation_id=conversation_id, cause="rate_hand_over", reference=entry_id)
                    await tx.publish(due, not_before=tx.now() + RATED_AFTER)
        return await self.open(caller, conversation_id)

    async def _ensure(self, tx: Transaction, conversation_id: ConversationId, *, reopen: bool = True) -> UUID:
        """Make sure that there is a hand-over, an open one where it is to be worked on; returns whose it is."""
        row = await addresses.find_conversation(tx, conversation_id)
        if row is None:
            raise no_such_conversation()
        if reopen or await hand_overs.lock_hand_over(tx, conversation_id) is None:
            await hand_overs.open_hand_over(tx, conversation_id, "staff")
        return UUID(int=row.identity_id.int)

    async def _tell(
        self,
        tx: Transaction,
        conversation_id: ConversationId,
        kind: str,
        *,
        entry_id: UUID | None = None,
        receiver: UUID | None = None,
        reason: str | None = None,
        body: bytes | None = None,
    ) -> None:
        staff = tx.caller.kind == "staff"
        await hand_overs.insert_entry(
            tx,
            {
                "id": entry_id or new_id(),
                "conversation_id": conversation_id,
                "kind": kind,
                "author": tx.caller.principal_id if staff else None,
                "receiver": receiver,
                "reason": reason,
                "body": body,
            },
        )
        await tx.publish(HandOverChanged.model_validate({"conversation_id": conversation_id, "change": kind}))

    async def _look(self, caller: Caller, conversation_id: ConversationId, *, is_typing: bool = False) -> UUID:
        """Somebody looks: a new look leaves an access record, one that goes on does not. Returns whose it is."""
        async with self._database.transaction(caller) as tx:
            row = await addresses.find_conversation(tx, conversation_id)
            if row is None:
                raise no_such_conversation()
            looking = await hand_overs.lookers(tx, conversation_id, tx.now() - LOOKS_FOR)
            goes_on = any(one.principal_id == caller.principal_id for one in looking)
            await hand_overs.show(tx, conversation_id, caller.principal_id, is_typing=is_typing)
        if not goes_on:
            subject = SubjectId(row.identity_id)
            if row.member_id is not None:
                subject = await self._members.subject(caller, MemberId(row.member_id))
            await self._privacy.record_access(caller, subject, "conversation", "care_coordination", row.id)
        return UUID(int=row.identity_id.int)

    async def _others(self, caller: Caller, conversation_id: ConversationId) -> tuple[Looker, ...]:
        async with self._database.transaction(caller) as tx:
            rows = await hand_overs.lookers(tx, conversation_id, tx.now() - LOOKS_FOR)
        others = [row for row in rows if row.principal_id != caller.principal_id]
        names = await self._names(caller, [row.principal_id for row in others])
        return tuple(Looker(colleague=names.of(row.principal_id), is_typing=row.typing) for row in others)

    async def _view(self, caller: Caller, conversation_id: ConversationId) -> HandOver:
        async with self._database.transaction(caller) as tx:
            row = await hand_overs.find_line(tx, conversation_id)
            entries = await hand_overs.list_entries(tx, conversation_id, ENTRIES_SHOWN)
            tasks = await hand_overs.open_tasks(tx, conversation_id)
        assert row is not None
        (line,) = await self._lines(caller, [row])
        address = await self._bodies.address(caller.operator_id, row.identity_id, row.address)
        member = None
        if row.member_id is not None:
            member = await self._members.get(Caller.system(caller.operator_id, "chat"), MemberId(row.member_id))
        names = await self._names(caller, [person for entry in entries for person in (entry.author, entry.receiver)])
        told = Personal(address.name) if address.name else None
        return HandOver(
            line=line,
            name=member.name if member else told,
            birth_date=member.birth_date if member else None,
            plan_name=member.plan_name if member else None,
            phone=address.callable,
            window_ends_at=None if is_web(row.number_id) or not row.last_inbound_at else row.last_inbound_at + WINDOW,
            entries=tuple([await self._entry(caller, row.identity_id, entry, names) for entry in entries]),
            alerts=tuple(tasks),
            others=await self._others(caller, conversation_id),
        )

    async def _entry(self, caller: Caller, identity_id: UUID, entry: sa.Row[Any], names: "_Names") -> HandOverEntry:
        text = None
        if entry.body is not None:
            note = await self._bodies.note(caller.operator_id, identity_id, entry.id, entry.body)
            text = Personal(note.text)
        return HandOverEntry(
            id=entry.id,
            kind=entry.kind,
            author=names.find(entry.author),
            receiver=names.find(entry.receiver),
            reason=entry.reason,
            text=text,
            at=entry.at,
        )

    async def _lines(self, caller: Caller, rows: Sequence[sa.Row[Any]]) -> tuple[HandOverLine, ...]:
        ids = tuple(MemberId(row.member_id) for row in rows if row.member_id is not None)
        people = await self._members.summaries(Caller.system(caller.operator_id, "chat"), ids)
        names = await self._names(caller, [row.holder for row in rows])
        lines = []
        for row in rows:
            person = people.get(MemberId(row.member_id)) if row.member_id is not None else None
            address = await self._bodies.address(caller.operator_id, row.identity_id, row.address)
            lines.append(
                HandOverLine(
                    conversation_id=ConversationId(row.id),
                    member_id=MemberId(row.member_id) if row.member_id is not None else None,
                    initials=person.initials if person else None,
                    card_end=person.card_end if person else None,
                    phone_end=address.wa_id[-4:] if address.wa_id else None,
                    channel=channel_of(row.number_id),
                    state=row.state or "assistant",
                    reason=row.reason,
                    holder=names.find(row.holder),
                    assistant_answers=not row.handed_over,
                    waiting_since=row.waiting_since,
                    last_inbound_at=row.last_inbound_at,
                    alert=row.alert,
                    closed_at=row.closed_at,
                )
            )
        return tuple(lines)

    async def _names(self, caller: Caller, ids: Iterable[UUID | None]) -> "_Names":
        wanted = frozenset(PrincipalId(one) for one in ids if one is not None)
        return _Names(await self._identity.get_staff_many(caller, wanted) if wanted else ())

    async def _check_may_answer(self, caller: Caller, principal_id: PrincipalId) -> None:
        found = await self._identity.get_staff_many(caller, frozenset({principal_id}))
        if not any(self._may_answer(caller, one) for one in found):
            raise cannot_answer()

    def _may_answer(self, caller: Caller, person: Principal) -> bool:
        as_caller = Caller(operator_id=caller.operator_id, kind="staff", id=str(person.id), roles=person.roles)
        return person.active and person.provider_id is None and self._access.allows(as_caller, "message:send")

    async def _member_of(self, caller: Caller, words: str) -> MemberId | None:
        system = Caller.system(caller.operator_id, "chat")
        digits = "".join(character for character in words if character.isdigit())
        member_id = await self._members.find_by_document(system, digits) if digits else None
        if member_id is None and words.strip():
            found = await self._prior_auth.list(system, RequestFilter(protocol=words.strip()))
            member_id = next((line.member_id for line in found.items), None)
        return member_id


class _Names:
    """The staff that one answer names, asked for at once."""

    def __init__(self, found: Iterable[Principal]) -> None:
        self._found = {person.id: person for person in found}

    def of(self, principal_id: UUID) -> Colleague:
        person = self._found.get(PrincipalId(principal_id))
        return Colleague(id=PrincipalId(principal_id), name=person.name if person else UNKNOWN)

    def find(self, principal_id: UUID | None) -> Colleague | None:
        return self.of(principal_id) if principal_id is not None else None
