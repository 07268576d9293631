-- Requests, what was found about them, what became of them. What people wrote, CIDs, the requester, facts and
-- receipts are sealed; ids, codes and dates lie open, because duplicates are looked up by them.

create table prior_auth.request (
    operator_id uuid not null,
    id uuid not null,
    key text not null,
    fingerprint bytea not null,
    member_id uuid not null,
    subject_id uuid not null,
    requester_subject_id uuid,
    provider_id uuid,
    channel text not null,
    urgent boolean not null,
    kind text not null check (kind in ('care', 'reimbursement')),
    court_ordered boolean not null,
    protocol text not null,
    state text not null,
    version integer not null,
    path text,
    queue text,
    round integer not null,
    asks integer not null,
    pending_ask_id uuid,
    asked_at timestamptz not null,
    received_at timestamptz not null,
    due_at timestamptz not null,
    service_class text not null,
    business_days integer not null,
    calendar_id text not null,
    zone text not null,
    clock_basis text not null,
    content bytea not null,
    requester bytea,
    primary key (operator_id, id),
    unique (operator_id, key),
    unique (operator_id, protocol)
);
create index request_newest on prior_auth.request (operator_id, received_at desc, id desc);
create index request_of_member on prior_auth.request (operator_id, member_id, received_at desc, id desc);

create table prior_auth.item (
    operator_id uuid not null,
    request_id uuid not null,
    position integer not null,
    member_id uuid not null,
    tuss text not null,
    coding_table text not null,
    description text not null,
    asked_on date not null,
    quantity integer not null check (quantity > 0),
    laterality text,
    amount_centavos bigint,
    provider_id uuid,
    scheduled_at timestamptz,
    service_class text not null,
    high_complexity boolean not null,
    approved_quantity integer,
    primary key (operator_id, request_id, position)
);
create index item_history on prior_auth.item (operator_id, member_id, tuss, asked_on);

create table prior_auth.paper (
    operator_id uuid not null,
    request_id uuid not null,
    position integer not null,
    kind text not null,
    document_id uuid,
    added_at timestamptz not null,
    primary key (operator_id, request_id, position),
    unique (operator_id, request_id, document_id)
);
create index paper_document on prior_auth.paper (operator_id, document_id);

create table prior_auth.change (
    operator_id uuid not null,
    request_id uuid not null,
    sequence integer not null,
    at timestamptz not null,
    actor text not null,
    transition text not null,
    from_state text,
    to_state text not null,
    primary key (operator_id, request_id, sequence)
);

create table prior_auth.assessment (
    operator_id uuid not null,
    id uuid not null,
    request_id uuid not null,
    sequence integer not null,
    at timestamptz not null,
    path text not null,
    queue text,
    rules_version text not null,
    rules_digest text not null,
    content bytea not null,
    primary key (operator_id, id),
    unique (operator_id, request_id, sequence)
);

create table prior_auth.ask (
    operator_id uuid not null,
    id uuid not null,
    request_id uuid not null,
    asked_at timestamptz not null,
    answer_by timestamptz not null,
    content bytea not null,
    primary key (operator_id, id)
);
create index ask_of_request on prior_auth.ask (operator_id, request_id);

create table prior_auth.decision (
    operator_id uuid not null,
    id uuid not null,
    key text not null,
    request_id uuid not null,
    case_id uuid,
    outcome text not null,
    ground text,
    decided_by text not null,
    at timestamptz not null,
    state text not null,
    digest text not null,
    rules_version text not null,
    post_facto boolean not null,
    guide_number text,
    valid_until date,
    content bytea not null,
    primary key (operator_id, id),
    unique (operator_id, key),
    unique (operator_id, guide_number)
);
create index decision_of_request on prior_auth.decision (operator_id, request_id, at);

-- Numbers without gaps: a row is locked until its transaction ends, and a transaction that fails takes none.
create table prior_auth.sequence (
    operator_id uuid not null,
    name text not null,
    last bigint not null,
    primary key (operator_id, name)
);

create function prior_auth.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of prior_auth.% never change', tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger append_only before update or delete on prior_auth.change
    for each row execute function prior_auth.refuse_change();
create trigger append_only before update or delete on prior_auth.assessment
    for each row execute function prior_auth.refuse_change();
create trigger append_only before update or delete on prior_auth.ask
    for each row execute function prior_auth.refuse_change();
create trigger append_only before update or delete on prior_auth.decision
    for each row execute function prior_auth.refuse_change();
