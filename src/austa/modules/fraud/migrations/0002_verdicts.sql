-- What people found when they looked where a signal pointed. The last word about a rule counts; none is changed.
create table fraud.verdict (
    operator_id uuid not null,
    id uuid not null,
    request_id uuid not null,
    rule text not null check (rule ~ '^R[0-9]{2}$'),
    verdict text not null check (verdict in ('confirmed', 'not_confirmed', 'unclear')),
    at timestamptz not null,
    by text not null,
    -- The reason, sealed under the member's key.
    content bytea not null,
    primary key (operator_id, id)
);
create index verdict_request on fraud.verdict (operator_id, request_id, at);
