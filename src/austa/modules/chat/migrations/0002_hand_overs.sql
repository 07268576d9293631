-- Conversations that a person of the staff answers: who holds each, since when, and how it ended. One row a
-- conversation; what happened with it is in the entries, which also hold internal notes, sealed under the key of the
-- conversation's identity.
create table chat.hand_over (
    operator_id uuid not null,
    conversation_id uuid not null,
    state text not null check (state in ('open', 'closed')),
    reason text not null,
    holder uuid,
    answered_at timestamptz,
    opened_at timestamptz not null,
    closed_at timestamptz,
    primary key (operator_id, conversation_id),
    foreign key (operator_id, conversation_id) references chat.conversation
);
create index hand_over_open on chat.hand_over (operator_id, opened_at) where state = 'open';
create index hand_over_closed on chat.hand_over (operator_id, closed_at, conversation_id) where state = 'closed';

create table chat.hand_over_entry (
    operator_id uuid not null,
    id uuid not null,
    conversation_id uuid not null,
    kind text not null
        check (kind in ('handed_over', 'taken', 'given', 'released', 'given_back', 'closed', 'note')),
    author uuid,
    receiver uuid,
    reason text,
    body bytea,
    at timestamptz not null,
    primary key (operator_id, id),
    foreign key (operator_id, conversation_id) references chat.hand_over
);
create index hand_over_entry_conversation on chat.hand_over_entry (operator_id, conversation_id, at);

-- Who has a conversation on the screen now, and types. Worth nothing after a crash.
create unlogged table chat.presence (
    operator_id uuid not null,
    conversation_id uuid not null,
    principal_id uuid not null,
    typing boolean not null,
    seen_at timestamptz not null,
    primary key (operator_id, conversation_id, principal_id)
);
