-- The queue of messages that wait to be sent, small and hot; the message itself lies in chat.message. A row is there until
-- Meta took the message, refused it for good, or its statuses settled it. `place` orders a conversation; `begun_at` is
-- the intent, committed before the call; `unknown`: it may have been sent.
create table chat.send (
    operator_id uuid not null,
    id uuid not null,
    number_id text not null,
    conversation_id uuid not null,
    identity_id uuid not null,
    urgent boolean not null,
    place bigint generated always as identity,
    not_before timestamptz not null,
    begun_at timestamptz,
    unknown boolean not null default false,
    as_template boolean not null default false,
    attempts integer not null default 0,
    queued_at timestamptz not null,
    primary key (operator_id, id)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);
create index send_queue on chat.send (operator_id, number_id, urgent desc, place);
create index send_conversation on chat.send (operator_id, conversation_id, place);

-- When the bucket of a number and a member is full again: what may have gone counts as gone, through restarts.
create table chat.pair (
    operator_id uuid not null,
    identity_id uuid not null,
    full_at timestamptz not null,
    primary key (operator_id, identity_id)
) with (fillfactor = 70);

-- Whom we wrote to outside the 24-hour window, by day: Meta limits them for all numbers of a portfolio together.
create table chat.reached (
    operator_id uuid not null,
    identity_id uuid not null,
    at timestamptz not null,
    primary key (operator_id, identity_id)
);
create index reached_at on chat.reached (operator_id, at);

-- Who sends from a number: one process at a time; `fence` is another for every taking.
create table dispatch.whatsapp_sender (
    number_id text primary key,
    fence bigint not null,
    holder integer not null,
    until timestamptz not null
);
grant select, insert, update on dispatch.whatsapp_sender to austa_dispatcher, austa_chat;
