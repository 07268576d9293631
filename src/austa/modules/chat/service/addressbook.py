"""Who writes: channel identities and their conversations, found or made, one by one or many at once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from austa.infra.db import Transaction
from austa.kernel.ids import ConversationId, OperatorId, derived_id, new_id
from austa.modules.chat.domain.identity import canonical_wa_id
from austa.modules.chat.domain.webhook import AddressChange, Sender
from austa.modules.chat.service.bodies import Address, Bodies
from austa.modules.chat.store import addresses

From = tuple[str, Sender]
"""A number of ours, and who wrote to it."""


class Addressbook:
    """Finds and makes channel identities; a number and an address of Meta's stand for one."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies

    def key(self, operator_id: OperatorId, number_id: str, sender: Sender) -> UUID:
        """What names a conversation before anything is looked up, blind. Who wrote with a phone only and later with a
        user id has two; whoever takes a turn checks that no other was taken meanwhile."""
        address = sender.user_id or canonical_wa_id(sender.wa_id or "")
        return UUID(bytes=self._bodies.index(operator_id, "inbox_key", f"{number_id}|{address}")[:16])

    async def unlink(self, tx: Transaction, change: AddressChange) -> None:
        """Whoever writes from these addresses must be verified anew, at once, whatever turns still wait."""
        operator_id = tx.operator_id
        wa_indexes = [self._bodies.index(operator_id, "wa_id", canonical_wa_id(wa_id)) for wa_id in change.wa_ids]
        user_indexes = [self._bodies.index(operator_id, "user_id", user_id) for user_id in change.user_ids]
        for identity_id in await addresses.identities_at(tx, change.number_id, wa_indexes, user_indexes):
            await addresses.update_identity(tx, identity_id, member_id=None, linked_at=None)

    async def conversations(self, tx: Transaction, senders: Sequence[From]) -> list[sa.Row[Any]]:
        """The conversation of each, made where it is new, with its identity's columns beside it."""
        identity_ids = await self._identities(tx, senders)
        found = {row.identity_id: row for row in await addresses.conversations_of(tx, set(identity_ids))}
        new = {each: number_id for each, (number_id, _) in zip(identity_ids, senders, strict=True) if each not in found}
        if new:
            await addresses.insert_conversations(tx, [self._new_conversation(tx, *each) for each in new.items()])
            found |= {row.identity_id: row for row in await addresses.conversations_of(tx, set(new))}
        return [found[each] for each in identity_ids]

    async def find(self, tx: Transaction, senders: Sequence[From]) -> list[UUID | None]:
        """The conversation of each, where there is one."""
        indexed = [(number_id, *self._indexes(tx.operator_id, sender)) for number_id, sender in senders]
        rows = await addresses.identities_among(tx, indexed) if indexed else []
        known: dict[tuple[str, bytes | None], UUID] = {}
        for row in rows:
            known |= {(row.number_id, index): row.id for index in (row.wa_index, row.user_index)}
        found = {row.identity_id: row.id for row in await addresses.conversations_of(tx, {row.id for row in rows})}
        identities = [
            known.get((number_id, user)) if user is not None else known.get((number_id, wa))
            for number_id, wa, user in indexed
        ]
        return [found.get(each) for each in identities]

    async def note_phone(self, tx: Transaction, identity_id: UUID, phone: str | None) -> None:
        """Keep by which phone of the contract (E.164) somebody can be called who does not write from one."""
        row = await addresses.get_identity(tx, identity_id)
        known = await self._bodies.address(tx.operator_id, identity_id, row.address)
        if known.phone != phone:
            changed = known.model_copy(update={"phone": phone})
            await addresses.update_identity(
                tx, identity_id, address=await self._seal(tx.operator_id, identity_id, changed)
            )

    async def ensure(self, tx: Transaction, number_id: str, sender: Sender) -> UUID:
        """The identity, with its conversation, for links that are verified elsewhere."""
        identity_id = await self._identity(tx, number_id, sender)
        await addresses.insert_conversation(tx, self._new_conversation(tx, identity_id, number_id))
        return identity_id

    @staticmethod
    def _new_conversation(tx: Transaction, identity_id: UUID, number_id: str) -> dict[str, Any]:
        return {
            "id": ConversationId(derived_id("chat.conversation", tx.operator_id, identity_id)),
            "identity_id": identity_id,
            "number_id": number_id,
            "handed_over": False,
            "turns": 0,
            "created_at": tx.now(),
        }

    async def _identities(self, tx: Transaction, senders: Sequence[From]) -> list[UUID]:
        """Of each. What is as it was, and what is quite new, is looked up and written together; where an address moved
        or more of one is known now, one after another."""
        indexed = [(number_id, sender, *self._indexes(tx.operator_id, sender)) for number_id, sender in senders]
        rows = await addresses.identities_among(tx, [(number_id, wa, user) for number_id, _, wa, user in indexed])
        await self._bodies.prepare(tx.operator_id, [row.id for row in rows])
        known: dict[tuple[str, bytes], Any] = {}
        for row in rows:
            known |= {(row.number_id, index): row for index in (row.wa_index, row.user_index) if index is not None}
        new: dict[tuple[str, bytes | None, bytes | None], tuple[UUID, Sender]] = {}
        taken: set[tuple[str, bytes]] = set()
        ids: list[UUID | None] = []
        for number_id, sender, wa, user in indexed:
            own = {(number_id, index) for index in (wa, user) if index is not None}
            met = [known[each] for each in own if each in known]
            if (number_id, wa, user) in new:
                ids.append(new[number_id, wa, user][0])
            elif not met and not own & taken:
                new[number_id, wa, user] = (new_id(), sender)
                ids.append(new[number_id, wa, user][0])
            else:
                same = len({row.id for row in met}) == 1 and await self._is_unchanged(tx, met[0], sender, wa, user)
                ids.append(met[0].id if same else None)
            taken |= own
        await self._insert(tx, new)
        return [
            found if found is not None else await self._identity(tx, number_id, sender)
            for found, (number_id, sender) in zip(ids, senders, strict=True)
        ]

    async def _insert(
        self, tx: Transaction, new: dict[tuple[str, bytes | None, bytes | None], tuple[UUID, Sender]]
    ) -> None:
        if not new:
            return
        await self._bodies.prepare(tx.operator_id, [identity_id for identity_id, _ in new.values()], create=True)
        rows = [
            {
                "id": identity_id,
                "number_id": number_id,
                "wa_index": wa,
                "user_index": user,
                "address": await self._seal(tx.operator_id, identity_id, _address(sender)),
                "created_at": tx.now(),
            }
            for (number_id, wa, user), (identity_id, sender) in new.items()
        ]
        await addresses.insert_identities(tx, rows)

    async def _is_unchanged(
        self, tx: Transaction, row: Any, sender: Sender, wa: bytes | None, user: bytes | None
    ) -> bool:
        if (wa is not None and row.wa_index != wa) or (user is not None and row.user_index != user):
            return False
        known = await self._bodies.address(tx.operator_id, row.id, row.address)
        return _merged(_address(sender), known) == known

    def _indexes(self, operator_id: OperatorId, sender: Sender) -> tuple[bytes | None, bytes | None]:
        return (
            self._bodies.index(operator_id, "wa_id", canonical_wa_id(sender.wa_id)) if sender.wa_id else None,
            self._bodies.index(operator_id, "user_id", sender.user_id) if sender.user_id else None,
        )

    async def _identity(self, tx: Transaction, number_id: str, sender: Sender) -> UUID:
        """The channel identity of a sender, made when new. Its address is what Meta sent last, unchanged."""
        operator_id = tx.operator_id
        wa_index, user_index = self._indexes(operator_id, sender)
        address = _address(sender)
        found = await addresses.find_identity(tx, number_id, wa_index, user_index)
        if found is not None and user_index is not None and found.user_index not in {None, user_index}:
            await self._release_phone(tx, found.id)
            found = None
        if found is None:
            identity_id = new_id()
            values = {
                "id": identity_id,
                "number_id": number_id,
                "wa_index": wa_index,
                "user_index": user_index,
                "address": await self._seal(operator_id, identity_id, address),
                "created_at": tx.now(),
            }
            if await addresses.insert_identity(tx, values):
                return identity_id
            found = await addresses.find_identity(tx, number_id, wa_index, user_index)
            assert found is not None
        return await self._refresh(tx, found, address, wa_index, user_index)

    async def _release_phone(self, tx: Transaction, identity_id: UUID) -> None:
        """The phone came with another user id: another person has it until they are verified. The old identity keeps
        its history and its user id, loses the phone, and speaks for no member any more."""
        await addresses.update_identity(tx, identity_id, wa_index=None, member_id=None, linked_at=None)

    async def _refresh(
        self, tx: Transaction, found: sa.Row[Any], address: Address, wa_index: bytes | None, user_index: bytes | None
    ) -> UUID:
        """Keep the newest address, and the phone or user id that was not known yet and nobody else has."""
        operator_id = tx.operator_id
        known = await self._bodies.address(operator_id, found.id, found.address)
        merged = _merged(address, known)
        learned: dict[str, bytes] = {}
        if found.user_index is None and user_index is not None:
            learned["user_index"] = user_index
        new_phones = [wa_index] if found.wa_index is None and wa_index is not None else []
        if new_phones and not await addresses.identities_at(tx, found.number_id, new_phones, []):
            learned["wa_index"] = new_phones[0]
        if learned or merged != known:
            sealed = await self._seal(operator_id, found.id, merged)
            await addresses.update_identity(tx, found.id, address=sealed, **learned)
        return UUID(int=found.id.int)

    async def _seal(self, operator_id: OperatorId, identity_id: UUID, address: Address) -> bytes:
        return await self._bodies.seal(operator_id, identity_id, f"channel_identity.address:{identity_id}", address)


def _address(sender: Sender) -> Address:
    return Address(wa_id=sender.wa_id, user_id=sender.user_id, name=sender.name)


def _merged(new: Address, known: Address) -> Address:
    return Address(
        wa_id=new.wa_id or known.wa_id,
        user_id=new.user_id or known.user_id,
        name=new.name or known.name,
        phone=new.phone or known.phone,
    )
