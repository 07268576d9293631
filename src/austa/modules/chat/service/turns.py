"""Turns of the dialogue: read what is known, ask the pure dialogue, do what it asks, record what came of it.

`take` reads and calls other modules (each call idempotent by the message's id), `record` writes state, replies and
events together with the completion of the delivery. Turns of one conversation never overlap: who decided one on a state
that is no longer kept records nothing and decides anew. Messages are taken many at once (`service.conversing`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import Conflict
from austa.kernel.ids import ConversationId, DocumentId, MemberId, derived_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.satisfaction import Door
from austa.modules.chat.domain import texts, triage
from austa.modules.chat.domain.channels import channel_of
from austa.modules.chat.domain.dialogue import people
from austa.modules.chat.domain.dialogue.respond import begins_contact, respond
from austa.modules.chat.domain.hearing import heard
from austa.modules.chat.domain.identity import months_before
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.domain.turn import (
    AddressChanged,
    AskRating,
    DialogueState,
    DocumentArrived,
    Draft,
    FileRefused,
    FileWithdrawn,
    HandOver,
    Heard,
    Input,
    Known,
    ShownText,
    Submit,
)
from austa.modules.chat.domain.webhook import ADDRESS_NOTICES, precise_kind
from austa.modules.chat.events import AuthorizationIntended, HandOverRequested, IdentityLinked
from austa.modules.chat.service.acts import Acts, TurnResult
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.contacts import Contacts
from austa.modules.chat.service.hand_overs import HandOverService
from austa.modules.chat.service.hearing import intents_of
from austa.modules.chat.service.satisfaction import SatisfactionService
from austa.modules.chat.service.sending import Outgoing, Queued
from austa.modules.chat.service.triage import Triage
from austa.modules.chat.service.views import changes_since
from austa.modules.chat.store import addresses, attachments, contacts, intentions, links, messages
from austa.modules.chat.store.addresses import TurnTaken
from austa.modules.chat.store.messages import Facts
from austa.modules.documents.api import REFUSALS
from austa.modules.language.api.language import Language, UtteranceContext
from austa.modules.privacy.api import FirstContact, Privacy

ATTENDED_FOR = timedelta(hours=24)
"""So long after a person of the staff wrote, the assistant does not put itself between."""


@dataclass(frozen=True)
class Reply:
    """What is said after a message or file, `reference`; `answers`: the message that is quoted."""

    reference: UUID
    answers: UUID | None
    says: Sequence[Say]


@dataclass
class Taken:
    """Turns of one conversation that are recorded together: what came of each reference, in order, and what is said."""

    conversation: sa.Row[Any]
    """As it was when they were decided."""
    results: list[tuple[UUID, TurnResult]]
    replies: list[Reply]


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
        acts: Acts,
        hand_overs: HandOverService,
        language: Language,
        privacy: Privacy,
        satisfaction: SatisfactionService,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._clock = clock
        self._outgoing = outgoing
        self._triage = triage
        self._contacts = contacts
        self._link_months = link_months
        self._acts = acts
        self._hand_overs = hand_overs
        self._language = language
        self._privacy = privacy
        self.satisfaction = satisfaction

    async def take(self, caller: Caller, conversation_id: ConversationId, cause: str, reference: UUID) -> Taken | None:
        """Decide the turn. None when there is nothing to say or remember."""
        async with self._database.transaction(caller) as tx:
            conversation = await addresses.find_conversation(tx, conversation_id)
            assert conversation is not None
            state = await self.state_of(caller, conversation)
            given = await self._input(tx, conversation, state, cause, reference)
            if given is None:
                return None
            before = given.sent_at if isinstance(given, Heard) else tx.now()
            facts = await self.facts(tx, {conversation.id: before}, besides=[reference])
            linked = await self.linked(tx, [conversation])
        known = self.known(conversation, facts[conversation.id], linked, tx.now())
        if isinstance(given, AskRating) and await self.satisfaction.was_denied(caller, known.linked):
            return None
        result = TurnResult(state)
        result.raised = given.raised if isinstance(given, Heard) else None
        known = await self.begin(caller, result, known, given)
        await self.play(caller, conversation, result, known, given, reference)
        late = ""
        if isinstance(given, Heard) and triage.is_late(given.sent_at, tx.now()):
            late = texts.LATE_PREFIX
        answers = reference if cause == "message" else None
        return Taken(conversation, [(reference, result)], [Reply(reference, answers, prefixed(late, result.says))])

    async def record(self, tx: Transaction, taken: Taken | None) -> None:
        """Write state, replies, intentions and events."""
        if taken is not None:
            await self.record_all(tx, [taken])

    async def record_all(self, tx: Transaction, turns: Sequence[Taken]) -> None:
        """The same for turns of many conversations at once.

        Raises `Conflict` `chat.turn_overtaken` where another turn was taken since one of these was decided.
        """
        kept = await addresses.record_turns(tx, [await self._left(tx, taken) for taken in turns])
        if kept != len(turns):
            raise Conflict("chat.turn_overtaken", "another turn of the conversation was taken meanwhile")
        await contacts.insert_contacts(
            tx,
            [
                (taken.conversation.id, result.protocol)
                for taken in turns
                for _, result in taken.results
                if result.protocol is not None
            ],
        )
        for taken in turns:
            for reference, result in taken.results:
                await self._follow(tx, taken.conversation, reference, result)
        await self._outgoing.queue_many(tx, [queued for taken in turns for queued in _queued(taken)])

    async def _left(self, tx: Transaction, taken: Taken) -> TurnTaken:
        conversation, (_, last) = taken.conversation, taken.results[-1]
        place = f"conversation.state:{conversation.id}"
        return TurnTaken(
            conversation_id=ConversationId(conversation.id),
            turns=conversation.turns,
            state=await self._bodies.seal(tx.operator_id, conversation.identity_id, place, last.state),
            # Unchanged, it stays as it is now: a person may have taken over while this turn was thought out.
            handed_over=last.state.handed_over if last.state.handed_over != conversation.handed_over else None,
        )

    async def _follow(self, tx: Transaction, conversation: sa.Row[Any], reference: UUID, result: TurnResult) -> None:
        """What beside words comes of a turn."""
        conversation_id = ConversationId(conversation.id)
        if result.linked is not None:
            await links.link(tx, conversation.identity_id, result.linked, "code")
            await tx.publish(IdentityLinked(identity_id=conversation.identity_id, member_id=result.linked))
        if result.chosen is not None:
            await links.choose(tx, conversation.identity_id, result.chosen)
        await self.satisfaction.record(tx, conversation, reference, result)
        if result.raised is not None:
            await self._triage.raise_second(tx, conversation_id, reference, result.raised)
        for number, (member_id, draft) in enumerate(result.submits):
            intention_id = derived_id("chat.intention", reference, number)
            await self._intend(tx, conversation, intention_id, member_id, draft)
        if result.alarm is not None:
            await self._triage.raise_interview(tx, conversation_id, reference, result.alarm)
        if result.hand_over is not None and result.summary:
            await self._hand_overs.inform(tx, conversation_id, result.hand_over, result.summary)
        if result.hand_over is not None:
            await tx.publish(HandOverRequested(conversation_id=conversation_id, reason=result.hand_over))

    async def state_of(self, caller: Caller, conversation: sa.Row[Any]) -> DialogueState:
        """What the conversation remembers."""
        state = await self._bodies.state(
            caller.operator_id, conversation.identity_id, conversation.id, conversation.state
        )
        return state.model_copy(update={"handed_over": conversation.handed_over})

    async def facts(
        self, tx: Transaction, before: Mapping[UUID, datetime], *, besides: Sequence[UUID]
    ) -> dict[UUID, Facts]:
        """What turns must know of their conversations, whose first new message was sent then."""
        now = tx.now()
        return await messages.facts(
            tx,
            before,
            besides=besides,
            attended_since=now - ATTENDED_FOR,
            alarmed_since=now - triage.ALARM_LASTS,
            quiet_since=now - triage.QUIET_FOR,
            quiet_categories=triage.QUIET_CATEGORIES,
        )

    async def linked(self, tx: Transaction, conversations: Sequence[sa.Row[Any]]) -> dict[UUID, tuple[MemberId, ...]]:
        """Who was verified on each phone, by its identity, and not too long ago."""
        since = months_before(tx.now(), self._link_months)
        verified = [each.identity_id for each in conversations if each.member_id is not None]
        return await links.links_of(tx, verified, since)

    def known(
        self, conversation: sa.Row[Any], facts: Facts, linked: Mapping[UUID, tuple[MemberId, ...]], now: datetime
    ) -> Known:
        """The facts around a turn."""
        notice = self._privacy.first_contact(channel_of(conversation.number_id))
        return Known(
            now=now,
            member_id=MemberId(conversation.member_id) if conversation.member_id else None,
            linked=linked.get(conversation.identity_id, ()),
            first_contact=_first_contact(notice),
            first_texts=tuple(ShownText(purpose=text.purpose, version=text.version) for text in notice.texts),
            previous_at=facts.previous_at,
            attended=facts.attended,
            alarmed=facts.alarmed,
            quiet=facts.quiet,
        )

    async def begin(self, caller: Caller, result: TurnResult, known: Known, given: Input) -> Known:
        """What is known with the protocol number of the contact that a message opens, where it opens one."""
        if not isinstance(given, Heard) or not begins_contact(result.state, known.previous_at, given.sent_at):
            return known
        result.protocol = await self._contacts.next_protocol(caller)
        return replace(known, protocol=result.protocol)

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
        if cause in _DOORS:
            return await self.satisfaction.question(tx, conversation, _DOORS[cause])
        if cause == "message":
            return await self._heard(tx, conversation, state, reference)
        attachment = await attachments.find_attachment(tx, reference)
        assert attachment is not None
        document_id = DocumentId(attachment.document_id) if attachment.document_id else None
        if cause == "file_withdrawn":
            return FileWithdrawn(document_id)
        message = await messages.get_message(tx, attachment.message_id)
        if await self._is_deleted(tx, conversation, message):
            return FileWithdrawn(document_id, was_waiting=True)
        if cause == "document_read":
            return DocumentArrived(DocumentId(attachment.document_id), message.sent_at)
        return FileRefused(REFUSALS.get(attachment.refusal or "", texts.FILE_GONE))

    async def _is_deleted(self, tx: Transaction, conversation: sa.Row[Any], message: sa.Row[Any]) -> bool:
        """Whether its sender deleted it since."""
        whose = ConversationId(conversation.id), conversation.identity_id
        changes = await changes_since(tx, self._bodies, whose, message.sent_at)
        if not changes:
            return False
        body = await self._bodies.inbound(tx.operator_id, conversation.identity_id, message.id, message.body)
        return (body.wamid, "revoke") in changes

    async def _heard(
        self, tx: Transaction, conversation: sa.Row[Any], state: DialogueState, message_id: UUID
    ) -> Heard | AddressChanged | None:
        """The message as understood; None for notices about the account that change nothing for us."""
        row = await messages.get_message(tx, message_id)
        body = await self._bodies.inbound(tx.operator_id, conversation.identity_id, row.id, row.body)
        if row.kind == "system":
            return address_changed(body.raw)
        button = await self._triage.read_button(tx, conversation, row, body)
        flags, recent = await self._triage.read_flags(tx, conversation, row, body.said or "")
        context = self.context(state, recent)
        said = (Personal(body.said or ""), context)
        (understood,) = self._language.understand_many([said])
        return heard(
            kind=precise_kind(body.raw),
            text=body.said,
            transcript=body.transcript,
            button=button,
            sent_at=row.sent_at,
            flags=flags,
            understood=understood,
            awaiting=state.awaiting,
            intents=intents_of(self._language, [said], [understood])[0],
            has_file=await attachments.attachment_of_message(tx, message_id) is not None,
        )

    def context(self, state: DialogueState, recent: tuple[Personal, ...]) -> UtteranceContext:
        """What a message is understood by: what was said before it, and what was asked."""
        awaiting = _AWAITING.get(state.awaiting)
        return UtteranceContext(recent=recent, awaiting=awaiting, today=local_date(self._clock.now()))

    def play_alone(self, result: TurnResult, known: Known, given: Input) -> bool:
        """Respond where nobody else must be asked. False, with `result` as it was, where `play` must."""
        turn = respond(result.state, known, given)
        if texts.PLAN_QUESTION in turn.says or not all(isinstance(each, Submit | HandOver) for each in turn.actions):
            return False
        result.state = turn.state
        result.says += turn.says
        for action in turn.actions:
            match action:
                case Submit(draft):
                    result.submits.append((people.owner(result.state, draft, known), draft))
                case HandOver(reason, summary):
                    result.hand_over = reason
                    result.summary = summary
        return True

    async def play(
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
            if result.linked is not None and result.linked not in known.linked:
                known = known.with_link(result.linked)
            turn = respond(result.state, known, pending)
            result.state = turn.state
            result.says += [await self._drafted(say, given) for say in turn.says]
            pending = None
            for action in turn.actions:
                pending = await self._acts.act(
                    caller,
                    conversation.identity_id,
                    channel_of(conversation.number_id),
                    result,
                    known,
                    action,
                    reference,
                )

    async def _drafted(self, say: Say, given: Input) -> Say:
        """A question about the plan gets an answer where one could be drafted and checked; else what we say anyway."""
        if say != texts.PLAN_QUESTION or not isinstance(given, Heard) or not given.text:
            return say
        draft = await self._language.draft_answer(Personal(given.text))
        return texts.drafted(draft.text, draft.sources) if draft is not None else say


def _first_contact(notice: FirstContact) -> Say:
    words = "\n\n".join([notice.notice, *(text.text for text in notice.texts), notice.question])
    return Say(words, (texts.CONSENT_YES, texts.CONSENT_NO, texts.PERSON))


def address_changed(raw: dict[str, Any]) -> AddressChanged | None:
    """A notice of Meta that another person may have the phone or user id now."""
    notice = raw.get("system")
    kind = notice.get("type") if isinstance(notice, dict) else None
    if kind not in ADDRESS_NOTICES:
        return None
    return AddressChanged(is_same_phone=kind == "customer_identity_changed")


def prefixed(prefix: str, says: Sequence[Say]) -> tuple[Say, ...]:
    """The first of them begins so."""
    if not prefix or not says:
        return tuple(says)
    return (replace(says[0], text=prefix + says[0].text), *says[1:])


def _queued(taken: Taken) -> Iterator[Queued]:
    for reply in taken.replies:
        for number, say in enumerate(reply.says):
            answers = reply.answers if number == 0 else None
            yield Queued(taken.conversation, say, f"turn:{reply.reference}:{number}", answers, place=number)


_DOORS: dict[str, Door] = {"rate_hand_over": "hand_over", "rate_decision": "decision"}
_AWAITING: dict[Any, Any] = {
    "consent": "consent",
    "identity": "card_or_cpf",
    "code": "code",
    "requester": "confirmation",
    "owner": "confirmation",
}
