"""Turns of the dialogue: read what is known, ask the pure dialogue, do what it asks, record what came of it.

A turn is a `Work`: `take` reads and calls other modules (each call idempotent by the message's id), `record`
writes state, replies and events together with the completion. Turns of one conversation never overlap.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import Conflict, NotFound, TooMany
from austa.kernel.ids import ConversationId, DocumentId, MemberId, SubjectId, derived_id
from austa.kernel.personal import Personal
from austa.modules.chat.domain import texts, triage
from austa.modules.chat.domain.choices import is_switch, told_apart
from austa.modules.chat.domain.dialogue import people
from austa.modules.chat.domain.dialogue.respond import begins_contact, respond
from austa.modules.chat.domain.identity import months_before
from austa.modules.chat.domain.order import read_order
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.turn import (
    Action,
    AddressChanged,
    CheckCode,
    Choose,
    CodeChecked,
    CodeStarted,
    DialogueState,
    DocumentArrived,
    Draft,
    FileRefused,
    FindPeople,
    GiveConsent,
    HandOver,
    HandOverReason,
    Heard,
    Input,
    Known,
    LookAtOrder,
    OrderRead,
    PendingRequest,
    PeopleFound,
    PersonServed,
    RevokeConsent,
    ShownText,
    StartCode,
    StatusesFound,
    Submit,
    TellStatuses,
)
from austa.modules.chat.domain.webhook import ADDRESS_NOTICES
from austa.modules.chat.events import AuthorizationIntended, HandOverRequested, IdentityLinked
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.contacts import Contacts
from austa.modules.chat.service.hearing import intents_of
from austa.modules.chat.service.sending import Outgoing
from austa.modules.chat.service.triage import Triage
from austa.modules.chat.store import addresses, attachments, contacts, intentions, messages, tasks
from austa.modules.documents.api import REFUSALS, Documents
from austa.modules.language.api.language import Language, RedFlags, Understanding, UtteranceContext
from austa.modules.members.api import Members
from austa.modules.notifications.api import MemberRecipient, Notifications
from austa.modules.prior_auth.api.requests import PriorAuth, RequestFilter, State
from austa.modules.privacy.api import FirstContact, Privacy

STATUSES_TOLD = 3
ATTENDED_FOR = timedelta(hours=24)
"""So long after a person of the staff wrote, the assistant does not put itself between."""

PENDING: tuple[State, ...] = ("PENDING_DOCUMENTS", "PENDING_JUSTIFICATION")


@dataclass
class TurnResult:
    """What a turn came to, to be recorded in one transaction."""

    state: DialogueState
    says: list[Say] = field(default_factory=list)
    submits: list[Draft] = field(default_factory=list)
    hand_over: HandOverReason | None = None
    linked: MemberId | None = None
    answers: UUID | None = None
    was_handed_over: bool = False
    member_id: MemberId | None = None
    """For whom something was asked, whatever changes meanwhile."""
    chosen: MemberId | None = None
    protocol: str | None = None
    """Of the contact that began."""
    raised: RedFlags | None = None
    """What only the second reader found urgent."""


class Turns:
    """Takes and records turns."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        clock: Clock,
        outgoing: Outgoing,
        triage: Triage,
        contacts: Contacts,
        link_months: int,
        *,
        language: Language,
        documents: Documents,
        members: Members,
        prior_auth: PriorAuth,
        privacy: Privacy,
        notifications: Notifications,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._clock = clock
        self._outgoing = outgoing
        self._triage = triage
        self._contacts = contacts
        self._link_months = link_months
        self._language = language
        self._documents = documents
        self._members = members
        self._prior_auth = prior_auth
        self._privacy = privacy
        self._notifications = notifications

    async def take(
        self, caller: Caller, conversation_id: ConversationId, cause: str, reference: UUID
    ) -> TurnResult | None:
        """Decide the turn. None when there is nothing to say or remember."""
        async with self._database.transaction(caller) as tx:
            conversation = await addresses.find_conversation(tx, conversation_id)
            assert conversation is not None
            state = await self._bodies.state(
                caller.operator_id, conversation.identity_id, conversation.id, conversation.state
            )
            state = state.model_copy(update={"handed_over": conversation.handed_over})
            linked = await self._links(tx, conversation)
            state = people.standing(state, linked)
            given = await self._input(tx, conversation, state, cause, reference)
            known = await self._known(tx, conversation, reference)
            known = replace(known, member_id=people.speaks_for(state, known.member_id, linked))
        if given is None:
            return None
        answers = reference if cause == "message" else None
        result = TurnResult(state, answers=answers, was_handed_over=state.handed_over)
        result.raised = given.raised if isinstance(given, Heard) else None
        if isinstance(given, Heard) and begins_contact(state, known.previous_at, given.sent_at):
            result.protocol = await self._contacts.next_protocol(caller)
            known = replace(known, protocol=result.protocol)
        await self._play(caller, conversation, result, known, given, reference)
        return result

    async def record(
        self, tx: Transaction, conversation_id: ConversationId, reference: UUID, result: TurnResult | None
    ) -> None:
        """Write state, replies, intentions and events."""
        if result is None:
            return
        conversation = await addresses.find_conversation(tx, conversation_id)
        assert conversation is not None
        place = f"conversation.state:{conversation.id}"
        sealed = await self._bodies.seal(tx.operator_id, conversation.identity_id, place, result.state)
        await addresses.update_conversation(tx, conversation_id, state=sealed)
        if result.state.handed_over != result.was_handed_over:
            # Unchanged, it stays as it is now: a person may have taken over while this turn was thought out.
            await addresses.update_conversation(tx, conversation_id, handed_over=result.state.handed_over)
        if result.protocol is not None:
            await contacts.insert_contact(tx, conversation.id, result.protocol, tx.now())
        if result.linked is not None:
            await addresses.link(tx, conversation.identity_id, result.linked, "code")
            await tx.publish(IdentityLinked(identity_id=conversation.identity_id, member_id=result.linked))
        if result.chosen is not None:
            await addresses.choose(tx, conversation.identity_id, result.chosen)
        if result.raised is not None:
            await self._triage.raise_second(tx, conversation_id, reference, result.raised)
        for number, say in enumerate(result.says):
            answers = result.answers if number == 0 else None
            key = f"turn:{reference}:{number}"
            await self._outgoing.queue(tx, conversation, say, key=key, answers=answers, place=number)
        for number, draft in enumerate(result.submits):
            intention_id = derived_id("chat.intention", reference, number)
            await self._intend(tx, conversation, intention_id, result.member_id, draft)
        if result.hand_over is not None:
            await tx.publish(HandOverRequested(conversation_id=conversation_id, reason=result.hand_over))

    async def _intend(
        self,
        tx: Transaction,
        conversation: sa.Row[Any],
        intention_id: UUID,
        member_id: MemberId | None,
        draft: Draft,
    ) -> None:
        sealed = await self._bodies.seal(
            tx.operator_id, conversation.identity_id, f"intention.draft:{intention_id}", draft
        )
        await intentions.insert_intention(
            tx,
            {
                "id": intention_id,
                "conversation_id": conversation.id,
                "member_id": member_id,
                "draft": sealed,
                "created_at": tx.now(),
            },
        )
        await tx.publish(
            AuthorizationIntended(conversation_id=ConversationId(conversation.id), intention_id=intention_id)
        )

    async def _input(
        self, tx: Transaction, conversation: sa.Row[Any], state: DialogueState, cause: str, reference: UUID
    ) -> Input | None:
        if cause == "message":
            return await self._heard(tx, conversation, state, reference)
        attachment = await attachments.find_attachment(tx, reference)
        assert attachment is not None
        if cause == "document_read":
            message = await messages.get_message(tx, attachment.message_id)
            return DocumentArrived(DocumentId(attachment.document_id), message.sent_at)
        return FileRefused(REFUSALS.get(attachment.refusal or "", texts.FILE_GONE))

    async def _heard(
        self, tx: Transaction, conversation: sa.Row[Any], state: DialogueState, message_id: UUID
    ) -> Heard | AddressChanged | None:
        """The message as understood; None for notices about the account that change nothing for us."""
        row = await messages.get_message(tx, message_id)
        body = await self._bodies.inbound(tx.operator_id, conversation.identity_id, row.id, row.body)
        if row.kind == "system":
            return _address_changed(body.raw)
        button = await self._triage.read_button(tx, conversation, row, body)
        flags, recent = await self._triage.read_flags(tx, conversation, row, body.said or "")
        awaiting = _AWAITING.get(state.awaiting)
        context = UtteranceContext(recent=recent, awaiting=awaiting, today=local_date(self._clock.now()))
        understood = self._language.understand(Personal(body.said or ""), context)
        mentions = [mention for mention in understood.entities.procedures if mention.candidates]
        # The second reader takes "agora é para minha mãe" for an emergency; the first layer has read it, as ever.
        switches = button is None and flags.reply is None and is_switch(body.said)
        raised = understood.red_flags if flags.level is None and understood.red_flags.level is not None else None
        return Heard(
            kind=row.kind if body.transcript is None else "text",
            text=body.said,
            button=button,
            sent_at=row.sent_at,
            intents=intents_of(self._language, body.said or "", context, understood),
            numbers=_numbers(understood),
            code=understood.entities.codes[0].value.reveal() if understood.entities.codes else None,
            tuss=tuple(match.procedure.code for mention in mentions for match in mention.candidates[:3]),
            named=tuple(mention.candidates[0].procedure.code for mention in mentions if not mention.ambiguous),
            is_for_other=any(mention.relation != "self" for mention in understood.entities.people),
            is_switch=switches,
            has_file=await attachments.attachment_of_message(tx, message_id) is not None,
            is_answered=triage.is_answered_here(flags if switches else understood.red_flags, button),
            raised=raised if button is None and not switches else None,
            is_distressed=understood.distress == "high",
            transcript=body.transcript,
        )

    async def _known(self, tx: Transaction, conversation: sa.Row[Any], reference: UUID) -> Known:
        conversation_id, now = ConversationId(conversation.id), tx.now()
        quiet = await tasks.newest_task(tx, conversation_id, now - triage.QUIET_FOR, triage.QUIET_CATEGORIES)
        notice = self._privacy.first_contact()
        return Known(
            now=now,
            member_id=MemberId(conversation.member_id) if conversation.member_id else None,
            first_contact=_first_contact(notice),
            first_texts=tuple(ShownText(purpose=text.purpose, version=text.version) for text in notice.texts),
            previous_at=await messages.last_said_at(tx, conversation_id, reference),
            attended=await messages.staff_wrote_since(tx, conversation_id, now - ATTENDED_FOR),
            alarmed=await tasks.newest_task(tx, conversation_id, now - triage.ALARM_LASTS) is not None,
            quiet=quiet is not None,
        )

    async def _play(
        self,
        caller: Caller,
        conversation: sa.Row[Any],
        result: TurnResult,
        known: Known,
        given: Input,
        reference: UUID,
    ) -> None:
        """Respond, act, respond to what the act brought, until the dialogue waits for the person."""
        pending: Input | None = given
        while pending is not None:
            turn = respond(result.state, known, pending)
            result.state = turn.state
            known = replace(known, member_id=_now_for(turn.state, known))
            result.says += [await self._drafted(say, given) for say in turn.says]
            pending = None
            for action in turn.actions:
                pending = await self._act(caller, conversation, result, known, action, reference)

    async def _drafted(self, say: Say, given: Input) -> Say:
        """A question about the plan gets an answer where one could be drafted and checked; else what we say anyway."""
        if say != texts.PLAN_QUESTION or not isinstance(given, Heard) or not given.text:
            return say
        draft = await self._language.draft_answer(Personal(given.text))
        return texts.drafted(draft.text, draft.sources) if draft is not None else say

    async def _act(
        self,
        caller: Caller,
        conversation: sa.Row[Any],
        result: TurnResult,
        known: Known,
        action: Action,
        reference: UUID,
    ) -> Input | None:
        subject = SubjectId(conversation.identity_id)
        match action:
            case GiveConsent(shown):
                for seen in shown:
                    await self._privacy.give(
                        caller, subject, seen.purpose, "whatsapp", reference, text_version=seen.version
                    )
            case RevokeConsent():
                for text in self._privacy.first_contact().texts:
                    await self._privacy.revoke(caller, subject, text.purpose, "whatsapp", reference)
            case StartCode(digits):
                return await self._start_code(caller, digits, reference)
            case CheckCode(code_id, code):
                return await self._check_code(caller, result, code_id, code, reference)
            case FindPeople():
                return await self._find_people(caller, conversation, result)
            case Choose(member_id):
                result.chosen = member_id
            case TellStatuses():
                return await self._statuses(caller, known)
            case LookAtOrder():
                return await self._look_at_order(caller, result, known)
            case Submit(draft):
                result.submits.append(draft)
                result.member_id = known.member_id
            case HandOver(reason):
                result.hand_over = reason
        return None

    async def _start_code(self, caller: Caller, digits: str, reference: UUID) -> CodeStarted:
        key = f"chat:{reference}"
        try:
            started = await self._members.start_verification(caller, key, digits)
        except TooMany:
            started = None
        if started is None:
            return CodeStarted(None)
        by_sms = started.channel == "sms"
        to = MemberRecipient(
            member_id=started.member_id,
            phone=started.contact if by_sms else None,
            email=None if by_sms else started.contact,
        )
        await self._notifications.notify(
            caller,
            key,
            to,
            "one_time_code",
            {"code": started.code},
            preferred=started.channel,
            requested_at=self._clock.now(),
        )
        return CodeStarted(started.code_id)

    async def _check_code(
        self, caller: Caller, result: TurnResult, code_id: str, code: str, reference: UUID
    ) -> CodeChecked:
        try:
            member_id = await self._members.check_verification(caller, f"chat:{reference}", code_id, code)
        except (NotFound, Conflict, TooMany):
            member_id = None
        result.linked = member_id
        if member_id is None:
            return CodeChecked(None)
        served = await self._members.served(caller, (member_id,), local_date(self._clock.now()))
        name = next((one.first_name.reveal() for one in served if one.member_id == member_id), "")
        return CodeChecked(member_id, name)

    async def _find_people(self, caller: Caller, conversation: sa.Row[Any], result: TurnResult) -> PeopleFound:
        async with self._database.transaction(caller) as tx:
            linked = await self._links(tx, conversation)
        verified = dict.fromkeys([*([result.linked] if result.linked else []), *linked])
        served = await self._members.served(caller, tuple(verified), local_date(self._clock.now()))
        return PeopleFound(
            tuple(
                PersonServed(member_id=one.member_id, first_name=name, by=one.by)
                for one, name in zip(served, told_apart([one.first_name.reveal() for one in served]), strict=True)
            )
        )

    async def _links(self, tx: Transaction, conversation: sa.Row[Any]) -> list[MemberId]:
        """Who was verified on this phone, and not too long ago."""
        if conversation.member_id is None:
            return []
        since = months_before(tx.now(), self._link_months)
        return await addresses.links_of(tx, conversation.identity_id, since)

    async def _statuses(self, caller: Caller, known: Known) -> StatusesFound:
        page = await self._prior_auth.list(caller, RequestFilter(member_id=known.member_id))
        told = [await self._prior_auth.status(caller, line.request_id) for line in page.items[:STATUSES_TOLD]]
        return StatusesFound(tuple(f"Pedido {status.protocol}: {status.text}" for status in told))

    async def _look_at_order(self, caller: Caller, result: TurnResult, known: Known) -> OrderRead | None:
        draft = result.state.draft
        if draft is None or known.member_id is None:
            return None
        documents = await self._documents.get_many(caller, draft.documents)
        member = await self._members.get(caller, known.member_id)
        waiting = await self._prior_auth.list(caller, RequestFilter(member_id=known.member_id, states=PENDING))
        newest = next(iter(waiting.items), None)
        pending = PendingRequest(newest.request_id, newest.protocol) if newest else None
        return read_order(documents, member, pending)


def _now_for(state: DialogueState, known: Known) -> MemberId | None:
    """A choice of this turn counts for its actions already."""
    return state.chosen.member_id if state.chosen and state.is_chosen_now else known.member_id


def _first_contact(notice: FirstContact) -> Say:
    words = "\n\n".join([notice.notice, *(text.text for text in notice.texts), notice.question])
    return Say(words, (texts.CONSENT_YES, texts.CONSENT_NO, texts.PERSON))


def _address_changed(raw: dict[str, Any]) -> AddressChanged | None:
    """A notice of Meta that another person may have the phone or user id now."""
    notice = raw.get("system")
    kind = notice.get("type") if isinstance(notice, dict) else None
    if kind not in ADDRESS_NOTICES:
        return None
    return AddressChanged(is_same_phone=kind == "customer_identity_changed")


def _numbers(understood: Understanding) -> tuple[str, ...]:
    found = (*understood.entities.cpfs, *understood.entities.card_numbers)
    return tuple(mention.value.reveal() for mention in found)


_AWAITING: dict[Any, Any] = {
    "consent": "consent",
    "identity": "card_or_cpf",
    "code": "code",
    "requester": "confirmation",
    "owner": "confirmation",
}
