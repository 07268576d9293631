"""`austa bench chat --stored N`: what a message costs with nothing stored, with a fifth, and with N messages.

What is stored before is written by COPY in the shape of what this installation wrote itself: each message has its own
id, conversation, instant and blind indexes, the sealed body is that of one of its first messages. Nothing opens it
again: only what was said within minutes is. Conversations have 50 messages over two years, those of the members who
write among them; identities, protocol numbers and one event a message of a member are stored with them.
"""

import json
import os
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import numpy as np

from austa.bench.conversations.measure import SEED, Bench, Run, Tell, drain, warmed_up
from austa.bench.conversations.peer import Post
from austa.bench.conversations.records import Records
from austa.bench.installation import Installation

MESSAGES_EACH = 50
SPAN = timedelta(days=730)
AT_ONCE = 100_000
COLUMNS = (
    "operator_id", "id", "conversation_id", "direction", "kind", "wamid_index", "body", "author", "urgent", "status",
    "attempts", "answers", "key", "sent_at", "recorded_at",
)  # fmt: skip

_PEOPLE = """
with model as (
    select c.operator_id, c.number_id, c.state, i.address from chat.conversation c
      join chat.channel_identity i on i.operator_id = c.operator_id and i.id = c.identity_id
     where c.state is not null limit 1
), person as (
    insert into chat.channel_identity (operator_id, id, number_id, wa_index, user_index, address, created_at)
    select operator_id, md5('identity/' || n)::uuid, number_id, sha256(('wa/' || n)::bytea),
           sha256(('user/' || n)::bytea), address, now() - interval '730 days'
      from model, generate_series($1::integer, $2::integer) n
    returning operator_id, id, number_id
)
insert into chat.conversation
    (operator_id, id, identity_id, number_id, state, handed_over, turns, last_inbound_at, created_at)
select p.operator_id, p.id, p.id, p.number_id, model.state, false, 25, now() - interval '1 day', now()
  from person p, model
"""
_EVENTS = """
with model as (
    select operator_id, type, envelope from outbox.event where type = 'chat.message_received.v1' limit 1
)
insert into outbox.event (id, operator_id, type, key, envelope)
select gen_random_uuid(), model.operator_id, model.type, m.conversation_id::text, model.envelope
  from chat.message m, model where m.id between $1 and $2 and m.direction = 'in'
"""
_CONTACTS = """
insert into chat.contact (operator_id, protocol, conversation_id, opened_at)
select c.operator_id, lpad(s::text || n, 20, '0'), c.id, now() - n * interval '100 days'
  from generate_series($1::integer, $2::integer) s join chat.conversation c on c.id = md5('identity/' || s)::uuid,
       generate_series(1, 7) n
"""


class Store:
    """Fills the database of an installation with `total` messages. `connection` is the owner's, past every check."""

    def __init__(self, connection: asyncpg.Connection, total: int) -> None:
        self._connection = connection
        self._total = total
        self._stored = self._people = 0
        self._begins = datetime.now(UTC) - SPAN
        self._draw = np.random.default_rng(SEED)

    async def grow(self, until: int) -> None:
        """Store more messages, until there are so many; in the order in which they were sent, as in life.

        Raises `asyncpg.PostgresError`.
        """
        if until == self._stored:
            return
        await self._connection.execute("set synchronous_commit = off; set session_replication_role = replica")
        await self._grow_people((until - self._stored) // MESSAGES_EACH)
        conversations = [row["id"] for row in await self._connection.fetch("select id from chat.conversation")]
        models = await self._connection.fetch(
            "select operator_id, direction, kind, body from chat.message order by recorded_at desc limit 2000"
        )
        while self._stored < until:
            rows = list(self._rows(min(AT_ONCE, until - self._stored), conversations, models))
            await self._connection.copy_records_to_table("message", schema_name="chat", records=rows, columns=COLUMNS)
            await self._connection.execute(_EVENTS, rows[0][1], rows[-2][1])
            self._stored += len(rows)
        await self._connection.execute("reset session_replication_role")
        await self._connection.execute("vacuum analyze")
        await self._connection.execute("checkpoint")

    async def sizes(self) -> dict[str, float]:
        """How much lies on the disk, in MB."""
        rows = await self._connection.fetch(
            "select 'database' as name, pg_database_size(current_database()) as bytes union all"
            " select 'messages', pg_table_size('chat.message') union all"
            " select 'indexes_of_messages', pg_indexes_size('chat.message')"
        )
        return {f"{row['name']}_mb": round(row["bytes"] / 1e6, 1) for row in rows}

    async def _grow_people(self, count: int) -> None:
        if count:
            await self._connection.execute(_PEOPLE, self._people + 1, self._people + count)
            await self._connection.execute(_CONTACTS, self._people + 1, self._people + count)
            self._people += count

    def _rows(self, count: int, conversations: Sequence[UUID], models: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """A message of a member, and what was answered, in turn; in the order of time, as they came."""
        said = [each for each in models if each["direction"] == "in"]
        answered = [each for each in models if each["direction"] == "out"]
        chosen = self._draw.integers(len(conversations), size=count)
        step = (SPAN - timedelta(days=2)) / self._total
        asked, conversation = UUID(int=0), conversations[0]
        for at in range(count):
            sent_at = self._begins + step * (self._stored + at)
            if at % 2 == 0:
                message_id = asked = _id_at(sent_at)
                conversation, model = conversations[chosen[at]], said[at // 2 % len(said)]
                outgoing: tuple[Any, ...] = (None, model["body"], None, False, "received", 0, None, None)
            else:
                model = answered[at // 2 % len(answered)]
                # Ours have derived ids, which are not in the order of time.
                message_id, key = UUID(bytes=os.urandom(16), version=4), f"turn:{asked}:0"
                outgoing = (os.urandom(32), model["body"], "assistant", False, "read", 1, asked, key)
            head = (model["operator_id"], message_id, conversation, model["direction"], model["kind"])
            yield (*head, *outgoing, sent_at, sent_at)


def _id_at(instant: datetime) -> UUID:
    """A version 7 UUID of that instant."""
    value = int(instant.timestamp() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


async def measure_stored(run: Run, stored: int, tell: Tell) -> dict[str, Any]:
    """What a message costs with nothing, a fifth, and so many messages stored: the same members say the same."""
    async with warmed_up(run) as (bench, installation, post):
        tell("members write for the first time")
        await _point(bench, installation, post)
        connection = await installation.connect()
        store, points = Store(connection, stored), []
        for until in (0, stored // 5, stored):
            began = time.perf_counter()
            await store.grow(until)
            tell(f"{until} messages are stored, in {time.perf_counter() - began:.0f} s; members write")
            point = await _point(bench, installation, post)
            points.append({"stored": until, **point, **await store.sizes()})
            tell(json.dumps(points[-1]))
        await connection.close()
    return {"rate": run.rate, "seconds": run.seconds, "members": run.members, "points": points}


async def _point(bench: Bench, installation: Installation, post: Post) -> dict[str, Any]:
    """What one stretch of writing took of the processor, and how long it waited."""
    records = Records()
    bench.phones.records = records
    members = bench.members(records, bench.run.members, seed=SEED)
    before = installation.processor_s()
    await members.write(post, bench.run.rate, bench.run.seconds)
    await drain(records, members, time.perf_counter())
    after, count = installation.processor_s(), len(records.said)
    each = {name: round((after[name] - before[name]) / count * 1000, 3) for name in sorted(after)}
    figures = records.figures({}, 0.0)
    waits = {name: figure for name, figure in figures.items() if name.startswith(("ack_", "reply_"))}
    return {
        "messages": count,
        "unanswered": figures["unanswered"],
        "processor_ms": round(sum(each.values()), 3),
        "processor_ms_each": each,
        **waits,
        "load": round(os.getloadavg()[0], 1),
    }
