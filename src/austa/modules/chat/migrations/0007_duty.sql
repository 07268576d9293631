-- Who is on duty when, and how an alert that nobody acknowledges goes on. Every word of the roster is kept; it names
-- people and their telephones, so it is sealed under the operator's own key.
create table chat.duty_roster (
    operator_id uuid not null,
    version integer not null,
    body bytea not null,
    changed_by uuid not null,
    changed_at timestamptz not null,
    primary key (operator_id, version)
);

-- The turns of an alert: whose it was, from when until when. `person` null: of all who watch the alerts.
create table chat.triage_turn (
    operator_id uuid not null,
    task_id uuid not null,
    number integer not null,
    post text not null check (post in ('nurse', 'on_call')),
    person uuid,
    contact bytea,
    began_at timestamptz not null,
    due_at timestamptz not null,
    notification_id uuid,
    primary key (operator_id, task_id, number)
);
alter table chat.triage_task add column turn integer not null default 0;
