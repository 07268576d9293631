-- Conversations. Message ids of Meta contain the phone number, so they are personal data: an HMAC to find them by,
-- the text itself sealed. Everything a person wrote lies under the key of their channel identity.

create table dispatch.whatsapp_number (
    number_id text primary key,
    operator_id uuid not null
);
grant insert, select on dispatch.whatsapp_number to austa_chat;

create table chat.channel_identity (
    operator_id uuid not null,
    id uuid not null,
    number_id text not null,
    wa_index bytea,
    user_index bytea,
    address bytea not null,
    member_id uuid,
    linked_at timestamptz,
    created_at timestamptz not null,
    primary key (operator_id, id),
    check (wa_index is not null or user_index is not null)
);
create unique index channel_identity_wa on chat.channel_identity (operator_id, number_id, wa_index)
    where wa_index is not null;
create unique index channel_identity_user on chat.channel_identity (operator_id, number_id, user_index)
    where user_index is not null;
create index channel_identity_member on chat.channel_identity (operator_id, member_id) where member_id is not null;

create table chat.conversation (
    operator_id uuid not null,
    id uuid not null,
    identity_id uuid not null,
    number_id text not null,
    state bytea,
    handed_over boolean not null default false,
    last_inbound_at timestamptz,
    created_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, identity_id),
    foreign key (operator_id, identity_id) references chat.channel_identity
);

create table chat.message (
    operator_id uuid not null,
    id uuid not null,
    conversation_id uuid not null,
    direction text not null check (direction in ('in', 'out')),
    kind text not null,
    wamid_index bytea,
    body bytea not null,
    author text,
    urgent boolean not null default false,
    urgency text,
    status text not null,
    error_code integer,
    attempts integer not null default 0,
    notification_id uuid,
    answers uuid,
    key text,
    sent_at timestamptz not null,
    recorded_at timestamptz not null,
    primary key (operator_id, id),
    foreign key (operator_id, conversation_id) references chat.conversation
);
create unique index message_wamid on chat.message (operator_id, wamid_index) where wamid_index is not null;
create unique index message_key on chat.message (operator_id, key) where key is not null;
create unique index message_notification on chat.message (operator_id, notification_id) where notification_id is not null;
create index message_conversation on chat.message (operator_id, conversation_id, sent_at, id);

create table chat.attachment (
    operator_id uuid not null,
    id uuid not null,
    conversation_id uuid not null,
    message_id uuid not null,
    media bytea not null,
    document_id uuid,
    state text not null check (state in ('announced', 'stored', 'refused')),
    refusal text,
    created_at timestamptz not null,
    primary key (operator_id, id),
    foreign key (operator_id, message_id) references chat.message
);
create index attachment_message on chat.attachment (operator_id, message_id);

-- What Meta tells beside messages and statuses, and what we do not understand: kept whole, counted.
create table chat.other_notice (
    operator_id uuid not null,
    id uuid not null,
    number_id text,
    kind text not null,
    body bytea not null,
    fingerprint bytea not null,
    recorded_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, fingerprint)
);

create table chat.intention (
    operator_id uuid not null,
    id uuid not null,
    conversation_id uuid not null,
    member_id uuid not null,
    draft bytea not null,
    request_id uuid,
    created_at timestamptz not null,
    primary key (operator_id, id),
    foreign key (operator_id, conversation_id) references chat.conversation
);

create table chat.triage_task (
    operator_id uuid not null,
    id uuid not null,
    conversation_id uuid not null,
    message_id uuid not null,
    reply_id uuid,
    level text not null check (level in ('RED', 'ORANGE')),
    category text not null,
    rules text[] not null,
    lexicon_version text not null,
    state text not null check (state in ('open', 'acknowledged', 'escalated')),
    opened_at timestamptz not null,
    due_at timestamptz not null,
    acknowledged_by uuid,
    acknowledged_at timestamptz,
    primary key (operator_id, id),
    unique (operator_id, message_id),
    foreign key (operator_id, conversation_id) references chat.conversation
);
create index triage_task_open on chat.triage_task (operator_id, state, level desc, due_at);
