"""Contacts: stretches of a conversation that bear a protocol number."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from austa.infra.db import Transaction
from austa.modules.chat.tables import contact, contact_counter


async def reserve_numbers(tx: Transaction, day: date, many: int) -> int:
    """Take that many numbers of a day, from 1; returns the last of them."""
    counter = insert(contact_counter).values(operator_id=tx.operator_id, day=day, last=many)
    last = await tx.connection.scalar(
        counter.on_conflict_do_update(
            index_elements=[contact_counter.c.operator_id, contact_counter.c.day],
            set_={"last": contact_counter.c.last + many},
        ).returning(contact_counter.c.last)
    )
    assert isinstance(last, int)
    return last


async def insert_contacts(tx: Transaction, opened: Sequence[tuple[UUID, str]]) -> None:
    """Keep contacts that begin: of which conversation, and the protocol."""
    await tx.insert(
        {
            contact: [
                {"protocol": protocol, "conversation_id": conversation_id, "opened_at": tx.now()}
                for conversation_id, protocol in opened
            ]
        }
    )
