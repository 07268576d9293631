-- The durable inbox (ADR 0028): what Meta sends is appended here before it is answered, one row an item, partitioned by the
-- day of Meta's timestamp. A retry carries the same timestamp, so what is unique in a partition is unique over all.
-- The bytes lie sealed under a key of the operator and day, and go with their partition.

create table chat.inbox (
    operator_id uuid not null,
    day date not null,
    item_index bytea not null,
    id uuid not null,
    kind text not null check (kind in ('message', 'status')),
    body bytea not null,
    received_at timestamptz not null,
    primary key (operator_id, day, item_index)
) partition by range (day);
create table chat.inbox_other_days partition of chat.inbox default;

-- What waits to be worked off: inserted with the item, deleted with its effect, never updated. `key` names the
-- conversation, blind.
create table dispatch.inbox_due (
    kind text not null,
    place bigint generated always as identity,
    operator_id uuid not null,
    key uuid not null,
    id uuid not null,
    day date not null,
    item_index bytea not null,
    sent_at timestamptz not null,
    primary key (kind, place)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index inbox_due_key on dispatch.inbox_due (key, sent_at, place);

-- Who works on a conversation: `token` is the fence, another for every claim.
create table dispatch.inbox_lease (
    key uuid primary key,
    token uuid not null,
    holder integer not null,
    until timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

grant select, insert, update, delete on dispatch.inbox_due, dispatch.inbox_lease to austa_dispatcher, austa_chat;

-- `turns` counts those taken: who decided one on an older state than is kept decides anew.
alter table chat.conversation add column turns integer not null default 0;

create index triage_task_conversation on chat.triage_task (operator_id, conversation_id, opened_at);

-- Partitions are made ahead and dropped after their time. Application roles own no table, so the owner's function does it.
create function chat.turn_inbox_over(today date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    its_day date;
    name text;
    operator uuid;
    operators uuid[] := array(select distinct operator_id from dispatch.whatsapp_number);
begin
    perform pg_advisory_xact_lock(hashtext('chat.inbox'));
    for its_day in select generate_series(today - 7, today + 3, interval '1 day')::date loop
        name := 'inbox_' || to_char(its_day, 'YYYYMMDD');
        continue when to_regclass('chat.' || name) is not null;
        execute format('create table chat.%I (like chat.inbox including all)', name);
        execute format('alter table chat.%I enable row level security', name);
        execute format(
            'create policy tenant on chat.%1$I using (operator_id = nullif(current_setting(%2$L, true), %3$L)::uuid)'
            ' with check (operator_id = nullif(current_setting(%2$L, true), %3$L)::uuid)',
            name, 'austa.operator_id', '');
        -- What came for that day before it had a partition of its own.
        foreach operator in array operators loop
            perform set_config('austa.operator_id', operator::text, true);
            execute format('with gone as (delete from chat.inbox_other_days where day = %L returning *)'
                           ' insert into chat.%I select * from gone', its_day, name);
        end loop;
        execute format('alter table chat.%I force row level security', name);
        execute format('alter table chat.inbox attach partition chat.%I for values from (%L) to (%L)',
                       name, its_day, its_day + 1);
    end loop;
    for name in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'chat.inbox'::regclass and c.relname ~ '^inbox_\d{8}$'
           and to_date(right(c.relname, 8), 'YYYYMMDD') < today - 31
    loop
        execute format('drop table chat.%I', name);
    end loop;
    foreach operator in array operators loop
        perform set_config('austa.operator_id', operator::text, true);
        delete from chat.inbox_other_days where received_at < today - 31;
    end loop;
    perform set_config('austa.operator_id', '', true);
end
$$;
revoke execute on function chat.turn_inbox_over(date) from public;
grant execute on function chat.turn_inbox_over(date) to austa_chat;

select chat.turn_inbox_over(current_date);
