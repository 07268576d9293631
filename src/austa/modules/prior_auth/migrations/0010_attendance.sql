-- The term of attendance (RN ANS 566/2022) beside that of the answer, when care was arranged for, and the tasks of
-- coordinators who find a place for a member whom nobody could attend. Requests of older versions have no such term.
alter table prior_auth.request
    add column attend_by timestamptz,
    add column attend_days integer,
    add column attend_basis text,
    add column attend_watch_at timestamptz;

create table prior_auth.appointment (
    operator_id uuid not null,
    request_id uuid not null,
    sequence integer not null,
    at timestamptz not null,
    provider_id uuid,
    recorded_at timestamptz not null,
    recorded_by text not null,
    primary key (operator_id, request_id, sequence)
);

create table prior_auth.access_task (
    operator_id uuid not null,
    id uuid not null,
    request_id uuid not null,
    cause text not null check (cause in ('reported', 'term_near')),
    opened_at timestamptz not null,
    attend_by timestamptz not null,
    step text not null,
    outcome text,
    taken_by uuid,
    version integer not null,
    primary key (operator_id, id)
);
create unique index access_task_open on prior_auth.access_task (operator_id, request_id) where outcome is null;
create index access_task_waiting on prior_auth.access_task (operator_id, attend_by, id) where outcome is null;

create table prior_auth.access_note (
    operator_id uuid not null,
    task_id uuid not null,
    sequence integer not null,
    at timestamptz not null,
    by text not null,
    act text not null,
    step text not null,
    content bytea not null,
    primary key (operator_id, task_id, sequence)
);

create trigger append_only before update or delete on prior_auth.appointment
    for each row execute function prior_auth.refuse_change();
create trigger append_only before update or delete on prior_auth.access_note
    for each row execute function prior_auth.refuse_change();
