-- Conversations in which an emergency waits behind others: they are worked on first. `place` is of the item that says
-- so; a mark whose item is worked off means nothing and goes with the next ones that are made.
create table dispatch.inbox_urgent (
    key uuid primary key,
    place bigint not null
);
grant select, insert, update, delete on dispatch.inbox_urgent to austa_dispatcher, austa_chat;
