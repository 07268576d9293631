create table providers.provider (
    operator_id uuid not null,
    id uuid not null,
    code text not null,
    name text not null,
    -- Without accents and case: the database sorts by bytes.
    sort_name text not null,
    kind text not null,
    -- 14 characters, alphanumeric since July 2026.
    cnpj text,
    cnes text,
    city text not null,
    state text not null,
    latitude double precision,
    longitude double precision,
    in_network boolean not null,
    suspended boolean not null,
    specialties text[] not null,
    is_synthetic boolean not null,
    -- HMAC of what was sent: the same again is "unchanged".
    digest bytea not null,
    recorded_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, code),
    check (cnpj ~ '^[0-9A-Z]{12}[0-9]{2}$'),
    check (cnes ~ '^[0-9]{7}$')
);
create index provider_list on providers.provider (operator_id, sort_name, id) where in_network;
create index provider_cnpj on providers.provider (operator_id, cnpj) where cnpj is not null;

-- Specialties without accents and case, for the list (row-level security leaves only B-trees usable).
create table providers.provider_specialty (
    operator_id uuid not null,
    specialty text not null,
    provider_id uuid not null,
    primary key (operator_id, specialty, provider_id),
    foreign key (operator_id, provider_id) references providers.provider (operator_id, id) on delete cascade
);
create index provider_specialty_provider on providers.provider_specialty (operator_id, provider_id);

create table providers.professional (
    operator_id uuid not null,
    -- Derived from the registration; also the subject under whose keys the name lies.
    id uuid not null,
    council text not null,
    state text not null,
    number text not null,
    name bytea not null,
    specialties text[] not null,
    active boolean not null,
    is_synthetic boolean not null,
    digest bytea not null,
    recorded_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, council, state, number)
);

-- A suspension told today says nothing about last week: each word about a provider or professional holds from its day.
create table providers.standing (
    operator_id uuid not null,
    holder_id uuid not null,
    since date not null,
    good boolean not null,
    primary key (operator_id, holder_id, since)
);
