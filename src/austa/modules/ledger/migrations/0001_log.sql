-- The Merkle log: one per operator. Entries, nodes and checkpoints are written once; the triggers keep our own
-- mistakes out (a superuser can disable them, which is what `austa ledger verify` and outside copies of
-- checkpoints are for).

create table ledger.head (
    operator_id uuid not null primary key,
    size bigint not null check (size >= 0),
    -- Roots of the perfect subtrees of the right edge, largest first: appending reads nothing else.
    edge bytea not null,
    seal_due_at timestamptz
);

create table ledger.entry (
    operator_id uuid not null,
    index bigint not null,
    id uuid not null,
    source_event_id uuid not null,
    kind text not null,
    time timestamptz not null,
    leaf_data bytea not null,
    leaf_hash bytea not null,
    primary key (operator_id, index),
    unique (operator_id, id),
    unique (operator_id, source_event_id)
);

-- What a leaf commits to. Erased on its own: the leaf stays, and says nothing any more.
create table ledger.opening (
    operator_id uuid not null,
    index bigint not null,
    subject text not null,
    salt bytea not null,
    statement bytea not null,
    primary key (operator_id, index),
    foreign key (operator_id, index) references ledger.entry
);
create index opening_subject on ledger.opening (operator_id, subject, index);

-- Perfect subtrees of two or more leaves; level 0 is entry.leaf_hash.
create table ledger.node (
    operator_id uuid not null,
    level smallint not null check (level > 0),
    position bigint not null,
    hash bytea not null,
    primary key (operator_id, level, position)
);

create table ledger.checkpoint (
    operator_id uuid not null,
    size bigint not null,
    note text not null,
    primary key (operator_id, size)
);

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of ledger.% never change', tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger append_only before update or delete on ledger.entry
    for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.node
    for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.checkpoint
    for each row execute function ledger.refuse_change();
create trigger erased_or_kept before update on ledger.opening
    for each row execute function ledger.refuse_change();
