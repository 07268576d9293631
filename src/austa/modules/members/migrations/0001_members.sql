create table members.contract (
    operator_id uuid not null,
    id uuid not null,
    number text not null,
    plan_name text not null,
    ans_product text,
    segmentation text not null,
    coverage_area text not null,
    coverage_states text[] not null,
    started_on date not null,
    -- The first day no longer covered, as everywhere in this schema.
    ended_on date,
    waiting_periods jsonb not null,
    -- HMAC of what was sent: the same again is "unchanged".
    digest bytea not null,
    recorded_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, number),
    check (ended_on is null or ended_on >= started_on)
);

-- A suspension told today says nothing about care of last week: each status holds from its day on.
create table members.contract_status (
    operator_id uuid not null,
    contract_id uuid not null,
    since date not null,
    status text not null check (status in ('active', 'suspended', 'cancelled')),
    primary key (operator_id, contract_id, since),
    foreign key (operator_id, contract_id) references members.contract (operator_id, id)
);

create table members.member (
    operator_id uuid not null,
    -- Also the subject under whose keys `person` lies.
    id uuid not null,
    contract_id uuid not null,
    card_mark bytea not null,
    cpf_mark bytea,
    card_end text not null,
    card_valid_until date,
    birth_date date not null,
    sex text not null check (sex in ('F', 'M', 'unknown')),
    relation text not null check (relation in ('holder', 'dependent')),
    holder_id uuid,
    guardian_id uuid,
    joined_on date not null,
    excluded_on date,
    deceased_on date,
    -- Null: those of the contract.
    waiting_periods jsonb,
    is_synthetic boolean not null,
    -- Name, numbers, contacts and declared diseases, sealed.
    person bytea not null,
    digest bytea not null,
    recorded_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, card_mark),
    foreign key (operator_id, contract_id) references members.contract (operator_id, id),
    check (excluded_on is null or excluded_on >= joined_on)
);
create index member_cpf on members.member (operator_id, cpf_mark) where cpf_mark is not null;
create index member_list on members.member (operator_id, card_end, id);

-- HMACs of name parts and telephone numbers (row-level security leaves only B-trees usable).
create table members.search_token (
    operator_id uuid not null,
    token bytea not null,
    member_id uuid not null,
    primary key (operator_id, token, member_id)
);
create index search_token_member on members.search_token (operator_id, member_id);

-- Which member a one-time code was made for.
create table members.verification (
    operator_id uuid not null,
    code_id uuid not null,
    member_id uuid not null,
    key text not null,
    started_at timestamptz not null,
    primary key (operator_id, code_id)
);
