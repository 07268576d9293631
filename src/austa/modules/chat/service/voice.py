"""Voice notes: transcribed here where a model is set up, else and in doubt given to a person."""

from uuid import UUID

from austa.infra.access import Access
from austa.infra.db import ModuleDatabase, Transaction
from austa.kernel.actors import Caller
from austa.kernel.errors import Invalid, NotFound, Unavailable
from austa.kernel.ids import ConversationId, MemberId, SubjectId
from austa.modules.chat.adapters.whatsapp import WhatsAppClient
from austa.modules.chat.api.conversations import VoiceNote
from austa.modules.chat.domain.triage import VOICE
from austa.modules.chat.events import TurnDue
from austa.modules.chat.service.bodies import Bodies, InboundBody
from austa.modules.chat.service.triage import Triage
from austa.modules.chat.store import addresses, messages
from austa.modules.language.api.language import Language
from austa.modules.members.api import Members
from austa.modules.privacy.api import Privacy


class Voice:
    """Hears voice notes, and plays them to people."""

    def __init__(
        self,
        database: ModuleDatabase,
        bodies: Bodies,
        access: Access,
        client: WhatsAppClient,
        triage: Triage,
        *,
        language: Language,
        members: Members,
        privacy: Privacy,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._access = access
        self._client = client
        self._triage = triage
        self._language = language
        self._members = members
        self._privacy = privacy

    async def hear(self, caller: Caller, conversation_id: ConversationId, message_id: UUID) -> str | None:
        """The words of a voice note; None where a person must listen. Nothing that fails here is tried again: the
        member waits."""
        async with self._database.transaction(caller) as tx:
            conversation = await addresses.find_conversation(tx, conversation_id)
            assert conversation is not None
            row = await messages.get_message(tx, message_id)
        body = await self._bodies.inbound(caller.operator_id, conversation.identity_id, row.id, row.body)
        try:
            content = await self._client.fetch(_media_id(body))
        except (Invalid, NotFound, Unavailable):
            return None
        transcript = await self._language.transcribe(content)
        return transcript.text.reveal() if transcript else None

    async def record(
        self, tx: Transaction, conversation_id: ConversationId, message_id: UUID, words: str | None
    ) -> None:
        """Keep the words, screen them, and let the dialogue go on; or give the note to a person."""
        conversation = await addresses.find_conversation(tx, conversation_id)
        assert conversation is not None
        row = await messages.get_message(tx, message_id)
        if words is None:
            await self._triage.give_to_person(tx, conversation, row)
            return
        body = await self._bodies.inbound(tx.operator_id, conversation.identity_id, row.id, row.body)
        heard = body.model_copy(update={"transcript": words})
        place = f"message.body:{row.id}"
        sealed = await self._bodies.seal(tx.operator_id, conversation.identity_id, place, heard)
        await messages.update_message(tx, message_id, body=sealed)
        await self._triage.screen(tx, conversation_id, message_id)
        await tx.publish(TurnDue(conversation_id=conversation_id, cause="message", reference=message_id), priority=1)

    async def give_up(self, tx: Transaction, conversation_id: ConversationId, message_id: UUID) -> None:
        """The time to transcribe has run out: a person listens, unless the words are known."""
        conversation = await addresses.find_conversation(tx, conversation_id)
        assert conversation is not None
        row = await messages.get_message(tx, message_id)
        body = await self._bodies.inbound(tx.operator_id, conversation.identity_id, row.id, row.body)
        if body.transcript is None:
            await self._triage.give_to_person(tx, conversation, row)

    async def play(self, caller: Caller, message_id: UUID) -> VoiceNote:
        """See `Chat.voice_note`."""
        self._access.check(caller, "conversation:read")
        async with self._database.transaction(caller) as tx:
            row = await messages.find_message(tx, message_id)
            if row is None or row.kind != VOICE:
                raise NotFound("chat.no_such_voice_note", "no voice note of this operator has that id")
            conversation = await addresses.find_conversation(tx, ConversationId(row.conversation_id))
        assert conversation is not None
        body = await self._bodies.inbound(caller.operator_id, conversation.identity_id, row.id, row.body)
        subject = SubjectId(conversation.identity_id)
        if conversation.member_id is not None:
            subject = await self._members.subject(caller, MemberId(conversation.member_id))
        await self._privacy.record_access(caller, subject, "conversation", "care_coordination", conversation.id)
        content = await self._client.fetch(_media_id(body))
        return VoiceNote(content=content, media_type=_playable(body.media_type))


def _media_id(body: InboundBody) -> str:
    sound = body.raw.get(VOICE)
    media_id = sound.get("id") if isinstance(sound, dict) else None
    if not isinstance(media_id, str):
        raise NotFound("chat.media_gone", "the message names no file")
    return media_id


def _playable(media_type: str | None) -> str:
    """What a browser may take it for: sound, never a page."""
    kind = (media_type or "").partition(";")[0].strip().lower()
    return kind if kind in {"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr"} else "audio/ogg"
