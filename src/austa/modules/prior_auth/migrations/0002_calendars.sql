-- Whose holidays an operator counts by, and its own list. A row is a revision; terms name theirs, so none ever changes.
create table prior_auth.calendar (
    operator_id uuid not null,
    revision integer not null check (revision > 0),
    state text check (state ~ '^[A-Z]{2}$'),
    own jsonb not null,
    set_at timestamptz not null,
    set_by text not null,
    primary key (operator_id, revision)
);

create trigger append_only before update or delete on prior_auth.calendar
    for each row execute function prior_auth.refuse_change();
