-- Web chat: the same conversations without WhatsApp. What a page shows is numbered within its conversation, in the order
-- of commits, so that who was away asks for what came after the last number seen.
create table chat.web_talk (
    operator_id uuid not null,
    conversation_id uuid not null,
    last_place bigint not null,
    seen_place bigint not null default 0,
    primary key (operator_id, conversation_id)
) with (fillfactor = 70);

create table chat.web_event (
    operator_id uuid not null,
    conversation_id uuid not null,
    place bigint not null,
    message_id uuid not null,
    primary key (operator_id, conversation_id, place)
);

-- What a browser sent, by the id that it gave: sent again, it changes nothing.
create table chat.web_sent (
    operator_id uuid not null,
    conversation_id uuid not null,
    client_id uuid not null,
    is_file boolean not null,
    sent_at timestamptz not null,
    primary key (operator_id, conversation_id, client_id)
);
create index web_sent_age on chat.web_sent (operator_id, conversation_id, sent_at);

-- A file on its way to `documents`, sealed; gone once it is there.
create table chat.web_file (
    operator_id uuid not null,
    conversation_id uuid not null,
    client_id uuid not null,
    content bytea not null,
    primary key (operator_id, conversation_id, client_id)
);
