"""Contacts: stretches of a conversation that bear a protocol number."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
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


async def insert_contact(tx: Transaction, conversation_id: UUID, protocol: str, opened_at: datetime) -> None:
    await tx.execute(
        sa.insert(contact).values(
            operator_id=tx.operator_id, protocol=protocol, conversation_id=conversation_id, opened_at=opened_at
        )
    )
