-- A contact: from a member's message after a day's silence to the next such silence. Each has a protocol number
-- (RN ANS 623/2024), by which people find the conversation.
create table chat.contact_counter (
    operator_id uuid not null,
    day date not null,
    last integer not null,
    primary key (operator_id, day)
);

create table chat.contact (
    operator_id uuid not null,
    protocol text not null,
    conversation_id uuid not null,
    opened_at timestamptz not null,
    primary key (operator_id, protocol, opened_at),
    foreign key (operator_id, conversation_id) references chat.conversation
);
create index contact_conversation on chat.contact (operator_id, conversation_id, opened_at);
