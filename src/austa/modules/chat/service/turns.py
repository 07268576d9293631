"""Turns of the dialogue: read what is known, ask the pure dialogue, do what it asks, record what came of it.

A turn is a `Work`: `take` reads and calls other modules (each call idempotent by the message's id), `record`
writes state, replies and events together with the completion. Turns of one conversation never overlap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from rapidfuzz import fuzz

from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.clock import Clock, local_date
from austa.kernel.errors import Conflict, NotFound, TooMany
from austa.kernel.ids import ConversationId, DocumentId, MemberId, SubjectId, derived_id
from austa.kernel.personal import Personal
from austa.modules.chat import store
from austa.modules.chat.domain import dialogue, texts
from austa.modules.chat.domain.dialogue import (
    Action,
    CheckCode,
    CodeChecked,
    CodeStarted,
    DialogueState,
    DocumentArrived,
    Draft,
    FileRefused,
    GiveConsent,
    HandOver,
    HandOverReason,
    Heard,
    Input,
    Known,
    LookAtOrder,
    OrderRead,
    ReadLine,
    RevokeConsent,
    StartCode,
    StatusesFound,
    Submit,
    TellStatuses,
)
from austa.modules.chat.domain.texts import Say
from austa.modules.chat.events import AuthorizationIntended, HandOverRequested, IdentityLinked
from austa.modules.chat.service.bodies import Bodies
from austa.modules.chat.service.sending import Outgoing
from austa.modules.documents.api import REFUSALS, Document, Documents
from austa.modules.language.api import Language, Understanding, UtteranceContext
from austa.modules.members.api import Member, Members
from austa.modules.notifications.api import MemberRecipient, Notifications
from austa.modules.prior_auth.api import PriorAuth, RequestFilter
from austa.modules.privacy.api import Privacy

STATUSES_TOLD = 3
SAME_NAME = 80
"""rapidfuzz token-set ratio above which two names count as one person's; below, the member is asked."""


@dataclass
class TurnResult:
    """What a turn came to, to be recorded in one transaction."""

    state: DialogueState
    says: list[Say] = field(default_factory=list)
    submits: list[Draft] = field(default_factory=list)
    hand_over: HandOverReason | None = None
    linked: MemberId | None = None
    answers: UUID | None = None


class Turns:
    """Takes and records turns."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        clock: Clock,
        outgoing: Outgoing,
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
            conversation = await store.find_conversation(tx, conversation_id)
            assert conversation is not None
            state = await self._bodies.state(
                caller.operator_id, conversation.identity_id, conversation.id, conversation.state
            )
            state = state.model_copy(update={"handed_over": conversation.handed_over})
            given = await self._input(tx, conversation, state, cause, reference)
        if given is None:
            return None
        result = TurnResult(state, answers=reference if cause == "message" else None)
        await self._play(caller, conversation, result, given, reference)
        return result

    async def record(
        self, tx: Transaction, conversation_id: ConversationId, reference: UUID, result: TurnResult | None
    ) -> None:
        """Write state, replies, intentions and events."""
        if result is None:
            return
        conversation = await store.find_conversation(tx, conversation_id)
        assert conversation is not None
        place = f"conversation.state:{conversation.id}"
        sealed = await self._bodies.seal(tx.operator_id, conversation.identity_id, place, result.state)
        await store.update_conversation(tx, conversation_id, state=sealed, handed_over=result.state.handed_over)
        if result.linked is not None:
            await store.update_identity(tx, conversation.identity_id, member_id=result.linked, linked_at=tx.now())
            await tx.publish(IdentityLinked(identity_id=conversation.identity_id, member_id=result.linked))
        for number, say in enumerate(result.says):
            answers = result.answers if number == 0 else None
            await self._outgoing.queue(tx, conversation, say, key=f"turn:{reference}:{number}", answers=answers)
        for number, draft in enumerate(result.submits):
            await self._intend(tx, conversation, derived_id("chat.intention", reference, number), draft)
        if result.hand_over is not None:
            await tx.publish(HandOverRequested(conversation_id=conversation_id, reason=result.hand_over))

    async def _intend(self, tx: Transaction, conversation: sa.Row[Any], intention_id: UUID, draft: Draft) -> None:
        sealed = await self._bodies.seal(
            tx.operator_id, conversation.identity_id, f"intention.draft:{intention_id}", draft
        )
        await store.insert_intention(
            tx,
            {"id": intention_id, "conversation_id": conversation.id, "draft": sealed, "created_at": tx.now()},
        )
        await tx.publish(
            AuthorizationIntended(conversation_id=ConversationId(conversation.id), intention_id=intention_id)
        )

    async def _input(
        self, tx: Transaction, conversation: sa.Row[Any], state: DialogueState, cause: str, reference: UUID
    ) -> Input | None:
        if cause == "message":
            return await self._heard(tx, conversation, state, reference)
        attachment = await store.find_attachment(tx, reference)
        assert attachment is not None
        if cause == "document_read":
            return DocumentArrived(DocumentId(attachment.document_id))
        document = None
        if attachment.document_id is not None:
            document = await self._documents.get(tx.caller, DocumentId(attachment.document_id))
        code = document.refusal if document and document.refusal else "documents.damaged"
        return FileRefused(REFUSALS.get(code, REFUSALS["documents.damaged"]))

    async def _heard(
        self, tx: Transaction, conversation: sa.Row[Any], state: DialogueState, message_id: UUID
    ) -> Heard | None:
        """The message as understood; None where the red-flag layer has answered and nothing else came with it."""
        row = await store.get_message(tx, message_id)
        body = await self._bodies.inbound(tx.operator_id, conversation.identity_id, row.id, row.body)
        context = UtteranceContext(awaiting=_AWAITING.get(state.awaiting), today=local_date(self._clock.now()))
        understood = self._language.understand(Personal(body.text or ""), context)
        has_file = row.kind in {"image", "document"}
        if understood.red_flags.reply is not None and not has_file and body.button is None:
            return None
        return Heard(
            kind=row.kind,
            text=body.text,
            button=body.button or _button_by_title(body.text, state),
            sent_at=row.sent_at,
            intents=tuple(guess.intent for guess in understood.intents),
            numbers=_numbers(understood),
            code=understood.entities.codes[0].value.reveal() if understood.entities.codes else None,
            tuss=_codes(understood),
            has_file=has_file,
        )

    async def _play(
        self, caller: Caller, conversation: sa.Row[Any], result: TurnResult, given: Input, reference: UUID
    ) -> None:
        """Respond, act, respond to what the act brought, until the dialogue waits for the person."""
        member_id = MemberId(conversation.member_id) if conversation.member_id else None
        pending: Input | None = given
        while pending is not None:
            known = Known(self._clock.now(), result.linked or member_id, self._first_contact())
            turn = dialogue.respond(result.state, known, pending)
            result.state = turn.state
            result.says += turn.says
            pending = None
            for action in turn.actions:
                pending = await self._act(caller, conversation, result, known, action, reference)

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
            case GiveConsent():
                for text in self._privacy.first_contact().texts:
                    await self._privacy.give(caller, subject, text.purpose, "whatsapp", reference)
            case RevokeConsent():
                for text in self._privacy.first_contact().texts:
                    await self._privacy.revoke(caller, subject, text.purpose, "whatsapp", reference)
            case StartCode(digits):
                return await self._start_code(caller, digits, reference)
            case CheckCode(code_id, code):
                return await self._check_code(caller, conversation, result, code_id, code, reference)
            case TellStatuses():
                return await self._statuses(caller, known)
            case LookAtOrder():
                return await self._look_at_order(caller, result, known)
            case Submit(draft):
                result.submits.append(draft)
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
        self,
        caller: Caller,
        conversation: sa.Row[Any],
        result: TurnResult,
        code_id: str,
        code: str,
        reference: UUID,
    ) -> CodeChecked:
        try:
            member_id = await self._members.check_verification(caller, f"chat:{reference}", code_id, code)
        except (NotFound, Conflict, TooMany):
            member_id = None
        if member_id is not None:
            result.linked = member_id
            await self._relink(caller, conversation, member_id)
        return CodeChecked(member_id)

    async def _relink(self, caller: Caller, conversation: sa.Row[Any], member_id: MemberId) -> None:
        """Files that came before the link move under the member's key."""
        async with self._database.transaction(caller) as tx:
            found = await store.documents_of_conversation(tx, ConversationId(conversation.id))
        if found:
            subject = await self._members.subject(caller, member_id)
            await self._documents.relink(caller, [DocumentId(d) for d in found], subject)

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
        return read_order(documents, member)

    def _first_contact(self) -> Say:
        notice = self._privacy.first_contact()
        words = "\n\n".join([notice.notice, *(text.text for text in notice.texts), notice.question])
        return Say(words, (texts.CONSENT_YES, texts.CONSENT_NO, texts.PERSON))


def read_order(documents: Sequence[Document], member: Member) -> OrderRead:
    """What the newest legible paper says, as far as the dialogue must know."""
    legible = [d for d in documents if d.status == "read" and not d.handwritten and d.procedures]
    if not legible:
        return OrderRead(False, (), None, requester_sure=False, for_member=None)
    order = legible[-1]
    lines = tuple(
        ReadLine(
            tuss=p.tuss.normal.reveal() if p.tuss and p.tuss.normal else None,
            sure=p.tuss is not None and p.tuss.status == "accepted",
        )
        for p in order.procedures
    )
    number, uf = order.find_field("council_number"), order.find_field("council_uf")
    sure = order.accepted_value("council_number") is not None and order.accepted_value("council_uf") is not None
    requester = None
    if number and number.normal and uf and uf.normal:
        requester = f"CRM {number.normal.reveal()} de {uf.normal.reveal()}"
    return OrderRead(True, lines, requester, requester_sure=sure, for_member=_is_for(order, member))


def _is_for(order: Document, member: Member) -> bool | None:
    """Whether the paper names this member: by card or CPF where they were read surely, else by the name."""
    card, cpf = order.accepted_value("card_number"), order.accepted_value("cpf")
    if card is not None:
        return card == _digits(member.card_number.reveal())
    if cpf is not None and member.cpf is not None:
        return cpf == _digits(member.cpf.reveal())
    name = order.find_field("member_name")
    if name is None or name.normal is None:
        return None
    return fuzz.token_set_ratio(name.normal.reveal().lower(), member.name.reveal().lower()) >= SAME_NAME


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _numbers(understood: Understanding) -> tuple[str, ...]:
    found = (*understood.entities.cpfs, *understood.entities.card_numbers)
    return tuple(mention.value.reveal() for mention in found)


def _codes(understood: Understanding) -> tuple[str, ...]:
    """TUSS codes that the words may mean, the best candidate of each mention first."""
    return tuple(match.procedure.code for mention in understood.entities.procedures for match in mention.candidates[:3])


def _button_by_title(text: str | None, state: DialogueState) -> str | None:
    """Somebody who types a button's words means the button."""
    if text is None:
        return None
    offered = [*texts.MENU, texts.CONSENT_YES, texts.CONSENT_NO] if state.consent == "asked" else [*texts.MENU]
    folded = text.strip().casefold()
    return next((button.id for button in offered if button.title.casefold() == folded), None)


_AWAITING: dict[Any, Any] = {
    "consent": "consent",
    "identity": "card_or_cpf",
    "code": "code",
    "requester": "confirmation",
    "owner": "confirmation",
}
