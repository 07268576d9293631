-- How people found the attendance. Whom it was asked is kept for as long as nobody may be asked again, then forgotten;
-- what stays is a figure. Their words are messages of the conversation, sealed like all others.
create table chat.satisfaction (
    operator_id uuid not null,
    id uuid not null,
    identity_id uuid,
    door text not null check (door in ('hand_over', 'decision')),
    asked_at timestamptz not null,
    rating smallint check (rating between 1 and 5),
    rated_at timestamptz,
    complained boolean not null default false,
    primary key (operator_id, id)
);
create index satisfaction_asked on chat.satisfaction (operator_id, asked_at);
create index satisfaction_identity on chat.satisfaction (operator_id, identity_id, asked_at);
