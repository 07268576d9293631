-- One case a request that needs a person; what was done to it is only ever appended.

create table medical_audit.case_number (
    operator_id uuid not null,
    year integer not null,
    last integer not null,
    primary key (operator_id, year)
);

create table medical_audit.audit_case (
    operator_id uuid not null,
    id uuid not null,
    number text not null,
    request_id uuid not null,
    protocol text not null,
    member_id uuid not null,
    state text not null,
    queue text not null,
    place smallint not null,
    route_reasons jsonb not null,
    tuss text not null,
    procedure text not null,
    more_items integer not null,
    amount_centavos bigint,
    round integer not null,
    received_at timestamptz not null,
    due_at timestamptz not null,
    opened_at timestamptz not null,
    closed_at timestamptz,
    assigned_to uuid,
    last_event text not null,
    last_event_at timestamptz not null,
    version integer not null,
    primary key (operator_id, id),
    unique (operator_id, request_id),
    unique (operator_id, number)
);
-- The queue's order: due at once first, then by legal term, then reviews after care.
create index audit_case_queue on medical_audit.audit_case (operator_id, place, due_at, id) where closed_at is null;
create index audit_case_closed on medical_audit.audit_case (operator_id, closed_at, id) where closed_at is not null;

-- Requests that ended without us: kept because the news may come before the case is opened, or while a decision is
-- on its way.
create table medical_audit.ended_request (
    operator_id uuid not null,
    request_id uuid not null,
    at timestamptz not null,
    primary key (operator_id, request_id)
);

create table medical_audit.opinion (
    operator_id uuid not null,
    id uuid not null,
    case_id uuid not null,
    author_id uuid not null,
    kind text not null,
    body bytea not null,
    digest text not null,
    created_at timestamptz not null,
    primary key (operator_id, id),
    foreign key (operator_id, case_id) references medical_audit.audit_case
);
create index opinion_case on medical_audit.opinion (operator_id, case_id, created_at);

create table medical_audit.contact (
    operator_id uuid not null,
    id uuid not null,
    case_id uuid not null,
    made_by uuid not null,
    with_whom text not null,
    channel text not null,
    at timestamptz not null,
    summary bytea not null,
    agreed boolean not null,
    created_at timestamptz not null,
    primary key (operator_id, id),
    foreign key (operator_id, case_id) references medical_audit.audit_case
);
create index contact_case on medical_audit.contact (operator_id, case_id, at);

create table medical_audit.release (
    operator_id uuid not null,
    id uuid not null,
    key text not null,
    fingerprint text not null,
    case_id uuid not null,
    request_id uuid not null,
    request_version integer not null,
    asked bytea not null,
    outcome text not null,
    released_by uuid not null,
    releaser_roles text[] not null,
    released_at timestamptz not null,
    state text not null,
    refusal text,
    lacking text[] not null,
    primary key (operator_id, id),
    unique (operator_id, released_by, key),
    foreign key (operator_id, case_id) references medical_audit.audit_case
);
-- One decision of a case may be on its way at a time.
create unique index release_recording on medical_audit.release (operator_id, case_id) where state = 'recording';

create table medical_audit.case_event (
    operator_id uuid not null,
    id uuid not null,
    case_id uuid not null,
    at timestamptz not null,
    actor text not null,
    type text not null,
    text text not null,
    primary key (operator_id, id),
    foreign key (operator_id, case_id) references medical_audit.audit_case
);
create index case_event_case on medical_audit.case_event (operator_id, case_id, at);
