-- One phone may serve several people: who was verified on it, when and how. `channel_identity.member_id` stays: who was
-- chosen or verified last.
create table chat.identity_link (
    operator_id uuid not null,
    identity_id uuid not null,
    member_id uuid not null,
    linked_at timestamptz not null,
    verified_by text not null check (verified_by in ('code', 'elsewhere')),
    primary key (operator_id, identity_id, member_id),
    foreign key (operator_id, identity_id) references chat.channel_identity
);
create index identity_link_member on chat.identity_link (operator_id, member_id);

-- Whoever writes the column, a process of the version before too, writes the link; nobody linked is nobody, at once.
create function chat.keep_links() returns trigger language plpgsql as $$
begin
    if new.member_id is null then
        delete from chat.identity_link where operator_id = new.operator_id and identity_id = new.id;
    else
        insert into chat.identity_link (operator_id, identity_id, member_id, linked_at, verified_by)
        values (new.operator_id, new.id, new.member_id, coalesce(new.linked_at, now()), 'code')
        on conflict (operator_id, identity_id, member_id)
        do update set linked_at = greatest(chat.identity_link.linked_at, excluded.linked_at);
    end if;
    return null;
end
$$;
create trigger keep_links after update of member_id, linked_at on chat.channel_identity
    for each row execute function chat.keep_links();

-- The owner writes for every operator; row-level security of the new table comes with the end of this migration.
alter table chat.channel_identity no force row level security;
insert into chat.identity_link (operator_id, identity_id, member_id, linked_at, verified_by)
select operator_id, id, member_id, coalesce(linked_at, created_at), 'code'
from chat.channel_identity where member_id is not null;
alter table chat.channel_identity force row level security;
