-- Whom the clerks of a provider confirmed by card and date of birth, and how often each of them guessed wrong.
create table members.confirmation (
    operator_id uuid not null,
    provider_id uuid not null,
    member_id uuid not null,
    confirmed_at timestamptz not null,
    confirmed_by text not null,
    primary key (operator_id, provider_id, member_id)
);

create table members.confirmation_attempt (
    operator_id uuid not null,
    actor text not null,
    since timestamptz not null,
    tries integer not null,
    primary key (operator_id, actor)
);
