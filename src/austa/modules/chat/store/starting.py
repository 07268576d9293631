"""What bears on messages that we start: stopped numbers, people who got their fill, sends that become templates."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from austa.infra.db import Transaction
from austa.infra.writing import driver_of


async def stop_number(tx: Transaction, number_id: str, until: datetime, code: int) -> None:
    await driver_of(tx.connection).execute(_STOP, tx.operator_id, number_id, until, code)


async def numbers(tx: Transaction) -> tuple[list[str], set[str]]:
    """The operator's numbers, and those of them that are stopped now."""
    rows = await driver_of(tx.connection).fetch(_NUMBERS, tx.operator_id, tx.now())
    return [row["number_id"] for row in rows], {row["number_id"] for row in rows if row["stopped"]}


async def cap(tx: Transaction, identity_ids: Sequence[UUID], until: datetime) -> None:
    """These people get no template until then."""
    await driver_of(tx.connection).execute(_CAP, tx.operator_id, identity_ids, until)


async def cap_of_messages(tx: Transaction, message_ids: Sequence[UUID], until: datetime) -> None:
    """The same, by messages that were refused."""
    await driver_of(tx.connection).execute(_CAP_OF, tx.operator_id, message_ids, until)


async def capped(tx: Transaction, identity_ids: Collection[UUID]) -> set[UUID]:
    """Who of these gets no template now."""
    rows = await driver_of(tx.connection).fetch(_CAPPED, tx.operator_id, list(identity_ids), tx.now())
    return {row["identity_id"] for row in rows}


async def send_again_as_template(tx: Transaction, message_ids: Sequence[UUID], code: int) -> set[UUID]:
    """Queue messages once more, as templates, that Meta took as text and then did not deliver for the closed window.
    Which these are: only those that have a template, and each only once."""
    rows = await driver_of(tx.connection).fetch(_AGAIN, tx.operator_id, message_ids, code, tx.now())
    return {row["id"] for row in rows}


_STOP = """
insert into chat.number_stop (operator_id, number_id, until, code) values ($1, $2, $3, $4)
on conflict (operator_id, number_id) do update set until = excluded.until, code = excluded.code
"""
_NUMBERS = """
select n.number_id, s.number_id is not null as stopped from dispatch.whatsapp_number n
  left join chat.number_stop s on s.operator_id = $1 and s.number_id = n.number_id and s.until > $2
 where n.operator_id = $1 and n.number_id not like 'web:%' order by n.number_id
"""
_CAP = """
insert into chat.template_cap (operator_id, identity_id, until)
select distinct $1::uuid, identity_id, $3::timestamptz from unnest($2::uuid[]) as g (identity_id)
on conflict (operator_id, identity_id) do update set until = excluded.until
"""
_CAP_OF = """
insert into chat.template_cap (operator_id, identity_id, until)
select distinct $1::uuid, c.identity_id, $3::timestamptz from chat.message m
  join chat.conversation c on c.operator_id = $1 and c.id = m.conversation_id
 where m.operator_id = $1 and m.id = any($2::uuid[])
on conflict (operator_id, identity_id) do update set until = excluded.until
"""
_CAPPED = """
select identity_id from chat.template_cap
 where operator_id = $1 and identity_id = any($2::uuid[]) and until > $3
"""
_AGAIN = """
with again as (
    update chat.message m set status = 'queued', error_code = $3, wamid_index = null
     where m.operator_id = $1 and m.id = any($2::uuid[]) and m.notification_id is not null
       and m.error_code is distinct from $3
    returning m.id, m.conversation_id)
insert into chat.send
    (operator_id, id, number_id, conversation_id, identity_id, urgent, not_before, queued_at, as_template)
select $1, a.id, c.number_id, c.id, c.identity_id, false, $4, $4, true
  from again a join chat.conversation c on c.operator_id = $1 and c.id = a.conversation_id
on conflict (operator_id, id) do update set as_template = true, begun_at = null, unknown = false
returning id
"""
