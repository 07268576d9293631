-- Two times: on which days something holds (valid), and when it was believed (known). `member` and `contract` stay the
-- last word; `version` keeps every word. Everything here adds: processes of the version before go on reading and
-- writing what they know. What they write, and what lay here before, has no or an older `versioned_at`: it is taken
-- over when it is next read or written, as known since it was recorded.
alter table members.contract add column versioned_at timestamptz;
alter table members.member add column versioned_at timestamptz;

create table members.version (
    operator_id uuid not null,
    id uuid not null,
    -- A contract or a member.
    about uuid not null,
    aspect text not null check (
        aspect in ('contract', 'terms', 'status', 'waiting', 'membership', 'person', 'card', 'place', 'restriction')
    ),
    valid_from date not null,
    -- The first day on which it no longer holds.
    valid_until date,
    known_from timestamptz not null,
    known_until timestamptz,
    -- JSON; of what is sealed an HMAC, by which equal words are known.
    content text not null,
    sealed bytea,
    primary key (operator_id, id),
    check (valid_until is null or valid_until >= valid_from),
    check (known_until is null or known_until >= known_from),
    check ((aspect = 'restriction') = (sealed is not null))
);
create index version_about on members.version (operator_id, about, aspect);

-- A word may be taken back once; what it said, and since when it was believed, never changes.
create function members.refuse_rewriting() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.known_until is null and new.known_until is not null
        and to_jsonb(new) - 'known_until' = to_jsonb(old) - 'known_until' then
        return new;
    end if;
    raise exception 'rows of members.version never change' using errcode = 'restrict_violation';
end
$$;
create trigger append_only before update or delete on members.version
    for each row execute function members.refuse_rewriting();
