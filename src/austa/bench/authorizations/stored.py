"""Stores many decided requests: copies of what this installation decided, with ids, people and days of their own.

Rows are copied by the database itself, so their states are those of real requests: the request with items, papers,
steps, assessment, decision and receipt, its events, the timer of its guide, and what `fraud` remembers of it. Sealed
values are cut to 500 bytes: nothing opens another request's, and whole they would take 17 GB for a million. Each person
has five requests within three years, the members who ask among them, so that histories are as long as in life.
"""

import asyncpg

REQUESTS_A_MEMBER = 5
BATCH = 20_000

_PREPARE = """
create temp table model as
select operator_id, id, row_number() over (order by id) - 1 as place from prior_auth.request where state = 'ISSUED';
create temp table asker as
select id, row_number() over (order by id) - 1 as place from members.member;
create temp table told as
select t.* from outbox.event t join model on t.operator_id = model.operator_id and t.key = model.id::text;
analyze model; analyze asker; analyze told;
create temp table copy (operator_id uuid, model uuid, id uuid, member_id uuid, n integer, ago interval);
"""
_CHOOSE = r"""
insert into copy
select model.operator_id, model.id, md5('request/' || n)::uuid, coalesce(asker.id, md5('member/' || n % $3)::uuid), n,
       (n::bigint * 7919 % 1095 + 1) * interval '1 day'
  from generate_series($1::integer, $2::integer) n
  join model on model.place = n % (select count(*) from model)
  left join asker on asker.place = n % $3
"""
_COPIES = (
    r"""
insert into prior_auth.request
select r.* from copy c join prior_auth.request t on t.operator_id = c.operator_id and t.id = c.model,
       jsonb_populate_record(t, jsonb_build_object(
           'id', c.id, 'key', 'stored:' || c.n, 'member_id', c.member_id, 'subject_id', c.member_id,
           'protocol', lpad(c.n::text, 20, '0'), 'asked_at', t.asked_at - c.ago, 'received_at', t.received_at - c.ago,
           'due_at', t.due_at - c.ago, 'content', '\x' || encode(substr(t.content, 1, 500), 'hex'))) r
""",
    r"""
insert into prior_auth.item
select r.* from copy c join prior_auth.item t on t.operator_id = c.operator_id and t.request_id = c.model,
       jsonb_populate_record(t, jsonb_build_object(
           'request_id', c.id, 'member_id', c.member_id, 'asked_on', (t.asked_on - c.ago)::date)) r
""",
    r"""
insert into prior_auth.paper
select r.* from copy c join prior_auth.paper t on t.operator_id = c.operator_id and t.request_id = c.model,
       jsonb_populate_record(t, jsonb_build_object('request_id', c.id)) r
""",
    r"""
insert into prior_auth.change
select r.* from copy c join prior_auth.change t on t.operator_id = c.operator_id and t.request_id = c.model,
       jsonb_populate_record(t, jsonb_build_object('request_id', c.id, 'at', t.at - c.ago)) r
""",
    r"""
insert into prior_auth.assessment
select r.* from copy c join prior_auth.assessment t on t.operator_id = c.operator_id and t.request_id = c.model,
       jsonb_populate_record(t, jsonb_build_object(
           'id', c.id, 'request_id', c.id, 'at', t.at - c.ago,
           'content', '\x' || encode(substr(t.content, 1, 500), 'hex'))) r
""",
    r"""
insert into prior_auth.receipt_part
select r.* from copy c join prior_auth.decision d on d.operator_id = c.operator_id and d.request_id = c.model
  join prior_auth.receipt_part t on t.operator_id = d.operator_id and t.decision_id = d.id,
       jsonb_populate_record(t, jsonb_build_object(
           'decision_id', c.id, 'content', '\x' || encode(substr(t.content, 1, 500), 'hex'))) r
""",
    r"""
insert into prior_auth.decision
select r.* from copy c join prior_auth.decision t on t.operator_id = c.operator_id and t.request_id = c.model,
       jsonb_populate_record(t, jsonb_build_object(
           'id', c.id, 'key', 'stored:' || c.n, 'request_id', c.id, 'at', t.at - c.ago, 'guide_number', '0-' || c.n,
           'valid_until', (t.valid_until - c.ago)::date, 'content', '\x' || encode(substr(t.content, 1, 500), 'hex'))) r
""",
    r"""
insert into fraud.screened
select r.* from copy c join fraud.screened t on t.operator_id = c.operator_id and t.request_id = c.model,
       jsonb_populate_record(t, jsonb_build_object(
           'request_id', c.id, 'member_id', c.member_id, 'family_id', c.member_id, 'subject_id', c.member_id,
           'asked_on', (t.asked_on - c.ago)::date, 'content', '\x' || encode(substr(t.content, 1, 500), 'hex'))) r
""",
    """
with event as (
    insert into outbox.event (id, operator_id, type, key, envelope)
    select md5(t.id || '/' || c.n)::uuid, t.operator_id, t.type, c.id::text, t.envelope
      from copy c join told t on t.key = c.model::text
    returning id, operator_id, type, key
)
insert into dispatch.delivery (event_id, operator_id, event_type, handler, key, not_before, due)
select id, operator_id, type, 'prior_auth.end_validity', key, now() + interval '30 days', false
  from event where type in ('prior_auth.guide_validity_ended.v1', 'prior_auth.attendance_nearing.v1')
""",
)


async def store(connection: asyncpg.Connection, count: int) -> None:
    """Store so many more requests, copies of those that were approved, and gather statistics.

    `connection` is the owner's, past row-level security, and MUST be closed after it. Raises `asyncpg.PostgresError`.
    """
    await connection.execute("set synchronous_commit = off")
    await connection.execute(_PREPARE)
    people = max(count // REQUESTS_A_MEMBER, 1)
    for begin in range(0, count, BATCH):
        async with connection.transaction():
            await connection.execute("truncate copy")
            await connection.execute(_CHOOSE, begin, min(begin + BATCH, count) - 1, people)
            await connection.execute("analyze copy")
            for copied in _COPIES:
                await connection.execute(copied)
    await connection.execute("vacuum analyze")
    await connection.execute("checkpoint")
