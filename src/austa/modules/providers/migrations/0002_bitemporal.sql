-- Two times: on which days something holds (valid), and when it was believed (known), as in `members`. `provider` and
-- `professional` stay the last word; `version` keeps every word. Everything here adds: processes of the version before
-- go on reading and writing what they know. What they write, and what lay here before, has no or an older
-- `versioned_at`: it is taken over when it is next read or written, as known since it was recorded.
alter table providers.provider add column versioned_at timestamptz;
alter table providers.professional add column versioned_at timestamptz;

create table providers.version (
    operator_id uuid not null,
    id uuid not null,
    -- A provider or a professional.
    about uuid not null,
    aspect text not null check (aspect in ('network', 'place', 'services', 'suspension', 'registration')),
    valid_from date not null,
    -- The first day on which it no longer holds.
    valid_until date,
    known_from timestamptz not null,
    known_until timestamptz,
    -- JSON; nothing of it is personal data.
    content text not null,
    primary key (operator_id, id),
    check (valid_until is null or valid_until >= valid_from),
    check (known_until is null or known_until >= known_from)
);
create index version_about on providers.version (operator_id, about);

-- A word may be taken back once; what it said, and since when it was believed, never changes.
create function providers.refuse_rewriting() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.known_until is null and new.known_until is not null
        and to_jsonb(new) - 'known_until' = to_jsonb(old) - 'known_until' then
        return new;
    end if;
    raise exception 'rows of providers.version never change' using errcode = 'restrict_violation';
end
$$;
create trigger append_only before update or delete on providers.version
    for each row execute function providers.refuse_rewriting();
