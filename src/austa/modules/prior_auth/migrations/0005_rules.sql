-- Versions of decision tables, and what was done with each: proposed, put in force, ended. Their text lies in
-- rule_source by its digest. Nothing here ever changes, so what was in force at a moment can always be told.
create table prior_auth.rule_version (
    operator_id uuid not null,
    id uuid not null,
    rule_set text not null,
    number integer not null check (number > 0),
    digest text not null,
    examples bytea,
    author text not null,
    created_at timestamptz not null,
    note text not null,
    primary key (operator_id, id),
    unique (operator_id, rule_set, number)
);

create table prior_auth.rule_step (
    operator_id uuid not null,
    sequence integer not null check (sequence > 0),
    version_id uuid not null,
    step text not null check (step in ('propose', 'activate', 'expire')),
    at timestamptz not null,
    by text not null,
    effective_at timestamptz not null,
    until timestamptz check (until > effective_at),
    note text not null,
    primary key (operator_id, sequence)
);

create trigger append_only before update or delete on prior_auth.rule_version
    for each row execute function prior_auth.refuse_change();
create trigger append_only before update or delete on prior_auth.rule_step
    for each row execute function prior_auth.refuse_change();
