-- What messages cost. Meta tells the price class of a message with its statuses, several times and in any order: here is
-- what they told so far, so that each message is counted once. Kept as long as Meta may repeat itself; nothing of a
-- person is in it, for the id is blind.
create table chat.charged_message (
    operator_id uuid not null,
    message_index bytea not null,
    number_id text not null,
    delivered_at timestamptz not null,
    told_by text,
    category text,
    type text,
    billable boolean,
    model text,
    seen_on date not null,
    primary key (operator_id, message_index)
);
create index charged_message_seen on chat.charged_message (operator_id, seen_on);

-- The ledger: how many messages were delivered in an hour (UTC; days are the operator's), by price class. Never erased.
create table chat.charge_count (
    operator_id uuid not null,
    hour timestamptz not null,
    number_id text not null,
    category text not null,
    type text not null,
    billable boolean not null,
    model text not null,
    messages integer not null,
    primary key (operator_id, hour, number_id, category, type, billable, model)
) with (fillfactor = 70);

-- What Meta, or who resells it, charges a message of a category: the operator's own figures, each with its source.
create table chat.price (
    operator_id uuid not null,
    id uuid not null,
    category text not null,
    currency text not null,
    micros bigint not null,
    source text not null,
    verified_on date not null,
    valid_from date not null,
    valid_until date,
    changed_by uuid not null,
    changed_at timestamptz not null,
    ended_at timestamptz,
    primary key (operator_id, id)
);
