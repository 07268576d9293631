"""Sealed contents of `chat`: what lies in the bytea columns, and under whose key."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from pydantic_core import to_json

from austa.infra.keys import KeyOwner, Keys
from austa.kernel.contracts import Contract
from austa.kernel.ids import OperatorId, SubjectId, derived_id
from austa.kernel.personal import Personal
from austa.modules.chat.api.conversations import Button, Row
from austa.modules.chat.domain.identity import phone_of
from austa.modules.chat.domain.turn import DialogueState, Draft
from austa.modules.chat.domain.webhook import Inbound, Status


class Address(Contract):
    """Where replies go: exactly what Meta sent last."""

    wa_id: str | None
    user_id: str | None
    name: str | None
    phone: str | None = None
    """E.164, of the contract, where people do not write from a phone: whom a nurse must call, she can."""

    @property
    def callable(self) -> Personal | None:
        """The number to call, in E.164."""
        return Personal(phone_of(self.wa_id)) if self.wa_id else Personal(self.phone) if self.phone else None


class InboundBody(Contract):
    """An inbound message. `raw` is Meta's entry whole, `transcript` what was surely heard in a voice note."""

    wamid: str
    text: str | None
    button: str | None
    media_type: str | None
    raw: dict[str, Any]
    transcript: str | None = None

    @property
    def said(self) -> str | None:
        """What the person wrote or spoke."""
        return self.text or self.transcript


class Template(Contract):
    """An approved template with its parameters, for outside the 24-hour window."""

    name: str
    language: str
    parameters: tuple[str, ...]
    has_code: bool = False
    """It brings a one-time code, with a button that copies it."""


class OutboundBody(Contract):
    """A message of ours. `wamid` once Meta accepted it."""

    text: str
    buttons: tuple[Button, ...] = ()
    rows: tuple[Row, ...] = ()
    template: Template | None = None
    wamid: str | None = None


class Note(Contract):
    """An internal note of the staff."""

    text: str


class DutyContact(Contract):
    """Who has the turn of an alert, as the roster named them."""

    name: str
    phone: str | None


class Media(Contract):
    """What an attachment needs to be fetched."""

    media_id: str
    media_type: str | None
    filename: str | None


class Bodies:
    """Seals and opens the contents of one installation's chat."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def prepare(self, operator_id: OperatorId, identity_ids: Sequence[UUID], *, create: bool = False) -> None:
        """Get the keys of many identities at once, before their contents are opened or sealed one by one."""
        subjects = [SubjectId(each) for each in identity_ids]
        await (self._keys.prepare if create else self._keys.find)(operator_id, "chat", subjects)

    async def seal_item(self, operator_id: OperatorId, day: date, index: bytes, item: Inbound | Status) -> bytes:
        """Seal an item of the inbox under the key of its operator and day."""
        owner = _of_day(operator_id, day)
        return await self._keys.seal(operator_id, owner, f"chat.inbox.body:{index.hex()}", msgspec.json.encode(item))

    async def message_item(self, operator_id: OperatorId, day: date, index: bytes, sealed: bytes) -> Inbound:
        return msgspec.json.decode(await self._open_item(operator_id, day, index, sealed), type=Inbound)

    async def status_item(self, operator_id: OperatorId, day: date, index: bytes, sealed: bytes) -> Status:
        return msgspec.json.decode(await self._open_item(operator_id, day, index, sealed), type=Status)

    async def destroy_days(self, operator_id: OperatorId, days: Sequence[date]) -> None:
        """Destroy the keys of those days of the inbox: what lay under them is gone from backups too."""
        for day in days:
            await self._keys.destroy(operator_id, _of_day(operator_id, day))

    async def seal(self, operator_id: OperatorId, identity_id: UUID, place: str, body: Contract) -> bytes:
        """Seal under the identity's key; `place` is `<table>.<column>:<row id>`."""
        return await self._keys.seal(operator_id, _owner(identity_id), f"chat.{place}", body.reveal_bytes().decode())

    async def seal_file(self, operator_id: OperatorId, identity_id: UUID, place: str, content: bytes) -> bytes:
        """Seal the bytes of a file under the identity's key."""
        return await self._keys.seal(operator_id, _owner(identity_id), f"chat.{place}", content)

    async def open_file(self, operator_id: OperatorId, identity_id: UUID, place: str, sealed: bytes) -> bytes:
        return await self._keys.open(operator_id, _owner(identity_id), f"chat.{place}", sealed)

    async def inbound(self, operator_id: OperatorId, identity_id: UUID, row_id: UUID, sealed: bytes) -> InboundBody:
        return InboundBody.read(await self._open(operator_id, identity_id, f"message.body:{row_id}", sealed))

    async def outbound(self, operator_id: OperatorId, identity_id: UUID, row_id: UUID, sealed: bytes) -> OutboundBody:
        return OutboundBody.read(await self._open(operator_id, identity_id, f"message.body:{row_id}", sealed))

    async def address(self, operator_id: OperatorId, identity_id: UUID, sealed: bytes) -> Address:
        return Address.read(
            await self._open(operator_id, identity_id, f"channel_identity.address:{identity_id}", sealed)
        )

    async def media(self, operator_id: OperatorId, identity_id: UUID, row_id: UUID, sealed: bytes) -> Media:
        return Media.read(await self._open(operator_id, identity_id, f"attachment.media:{row_id}", sealed))

    async def draft(self, operator_id: OperatorId, identity_id: UUID, row_id: UUID, sealed: bytes) -> Draft:
        return Draft.read(await self._open(operator_id, identity_id, f"intention.draft:{row_id}", sealed))

    async def note(self, operator_id: OperatorId, identity_id: UUID, row_id: UUID, sealed: bytes) -> Note:
        return Note.read(await self._open(operator_id, identity_id, f"hand_over_entry.body:{row_id}", sealed))

    async def state(
        self, operator_id: OperatorId, identity_id: UUID, row_id: UUID, sealed: bytes | None
    ) -> DialogueState:
        """The dialogue's state; a fresh one for a new conversation."""
        if sealed is None:
            return DialogueState()
        return DialogueState.resumed(await self._open(operator_id, identity_id, f"conversation.state:{row_id}", sealed))

    async def notice(self, operator_id: OperatorId, row_id: UUID, body: dict[str, Any]) -> bytes:
        """Seal what Meta tells about the account, under the operator's own key."""
        return await self.seal_own(operator_id, f"other_notice.body:{row_id}", to_json(body).decode())

    async def seal_own(self, operator_id: OperatorId, place: str, body: str) -> bytes:
        """Seal what names the operator's staff, under the operator's own key."""
        return await self._keys.seal(operator_id, _own(operator_id), f"chat.{place}", body)

    async def open_own(self, operator_id: OperatorId, place: str, sealed: bytes) -> str:
        return await self._keys.open_text(operator_id, _own(operator_id), f"chat.{place}", sealed)

    def index(self, operator_id: OperatorId, purpose: str, value: str) -> bytes:
        """A blind index of an id that contains a phone number."""
        return self._keys.blind(operator_id, f"chat.{purpose}", value)

    async def _open_item(self, operator_id: OperatorId, day: date, index: bytes, sealed: bytes) -> bytes:
        return await self._keys.open(operator_id, _of_day(operator_id, day), f"chat.inbox.body:{index.hex()}", sealed)

    async def _open(self, operator_id: OperatorId, identity_id: UUID, place: str, sealed: bytes) -> str:
        return await self._keys.open_text(operator_id, _owner(identity_id), f"chat.{place}", sealed)


def _owner(identity_id: UUID) -> KeyOwner:
    return KeyOwner(SubjectId(identity_id), "chat")


def _own(operator_id: OperatorId) -> KeyOwner:
    return KeyOwner(SubjectId(UUID(int=operator_id.int)), "chat")


@lru_cache(maxsize=256)
def _of_day(operator_id: OperatorId, day: date) -> KeyOwner:
    return KeyOwner(SubjectId(derived_id("chat.inbox", operator_id, day)), "transient")
