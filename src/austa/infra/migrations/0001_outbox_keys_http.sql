-- The event spine, the wrapped keys and the idempotency record. Tables with an operator_id in the schemas
-- outbox, keys and http get forced row-level security from the migration runner; `dispatch` is the ids-only
-- schema of the dispatcher, outside it (house rule 5).

create table outbox.event (
    id uuid primary key,
    position bigint generated always as identity unique,
    -- A position is not a commit order; readers of the feed compare `transaction` with the snapshot's xmin.
    transaction xid8 not null default pg_current_xact_id(),
    operator_id uuid not null,
    type text not null,
    key text not null,
    envelope jsonb not null,
    recorded_at timestamptz not null default now()
);
create index event_feed on outbox.event (operator_id, transaction, position);

create table dispatch.delivery (
    id bigint generated always as identity primary key,
    event_id uuid not null,
    operator_id uuid not null,
    event_type text not null,
    handler text not null,
    key text not null,
    not_before timestamptz not null,
    priority smallint not null default 0,
    state text not null default 'waiting' check (state in ('waiting', 'parked')),
    attempts integer not null default 0,
    reason text,
    lease_until timestamptz,
    fence integer not null default 0
);
create index delivery_next on dispatch.delivery (priority desc, id) where state = 'waiting';
create index delivery_key on dispatch.delivery (handler, key, id);
create index delivery_parked on dispatch.delivery (id) where state = 'parked';

create table keys.data_key (
    operator_id uuid not null,
    subject_id uuid not null,
    retention text not null,
    version integer not null,
    kek_generation integer not null,
    wrapped bytea not null,
    created_at timestamptz not null default now(),
    primary key (operator_id, subject_id, retention, version)
);

create table keys.signing_key (
    operator_id uuid not null,
    purpose text not null,
    version integer not null,
    kek_generation integer not null,
    wrapped bytea not null,
    public_key bytea not null,
    created_at timestamptz not null default now(),
    primary key (operator_id, purpose, version)
);

create table http.idempotency (
    operator_id uuid not null,
    principal text not null,
    key text not null,
    fingerprint bytea not null,
    started_at timestamptz not null,
    status integer,
    body bytea,
    primary key (operator_id, principal, key)
);
create index idempotency_age on http.idempotency (started_at);
