-- Operators, staff, sessions, one-time codes and links. Names, addresses, council numbers and password hashes are
-- sealed under the person's own key.

create table identity.operator (
    operator_id uuid not null primary key,
    ans_registry text not null check (ans_registry ~ '^[0-9]{6}$'),
    name text not null,
    time_zone text not null,
    created_at timestamptz not null
);

create table identity.principal (
    operator_id uuid not null,
    id uuid not null,
    name bytea not null,
    email bytea not null,
    email_index bytea not null,
    roles text[] not null,
    council text,
    council_uf text,
    council_number bytea,
    -- argon2id, sealed: a copy of the database without the key files cannot be attacked offline.
    password bytea,
    active boolean not null,
    created_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, email_index),
    check ((council is null) = (council_uf is null) and (council is null) = (council_number is null))
);
create index principal_order on identity.principal (operator_id, created_at, id);

create table identity.invitation (
    operator_id uuid not null,
    id uuid not null,
    principal_id uuid not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    primary key (operator_id, id),
    foreign key (operator_id, principal_id) references identity.principal
);
create unique index invitation_open on identity.invitation (operator_id, principal_id) where ended_at is null;

create table identity.session (
    operator_id uuid not null,
    id uuid not null,
    principal_id uuid not null,
    kind text not null check (kind in ('web', 'api')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_for text check (revoked_for in ('sign_out', 'refresh_reused', 'deactivated')),
    primary key (operator_id, id),
    foreign key (operator_id, principal_id) references identity.principal
);
create index session_principal on identity.session (operator_id, principal_id);

create table identity.session_token (
    operator_id uuid not null,
    token_hash bytea not null,
    session_id uuid not null,
    kind text not null check (kind in ('access', 'refresh')),
    expires_at timestamptz not null,
    replaced_at timestamptz,
    primary key (operator_id, token_hash),
    foreign key (operator_id, session_id) references identity.session
);
create index session_token_session on identity.session_token (operator_id, session_id);

-- A code is computed from its id and the installation's index key, so no form of it lies here.
create table identity.code (
    operator_id uuid not null,
    id uuid not null,
    subject_id uuid not null,
    purpose text not null,
    started_at timestamptz not null,
    expires_at timestamptz not null,
    tries integer not null default 0,
    used_at timestamptz,
    primary key (operator_id, id)
);
create index code_subject on identity.code (operator_id, subject_id, purpose, started_at);

create table identity.code_attempt (
    operator_id uuid not null,
    code_id uuid not null,
    key text not null,
    correct boolean not null,
    primary key (operator_id, code_id, key),
    foreign key (operator_id, code_id) references identity.code
);

create table identity.link (
    operator_id uuid not null,
    id uuid not null,
    member_id uuid not null,
    purpose text not null,
    resource_id uuid not null,
    generation integer not null,
    expires_at timestamptz not null,
    tries integer not null default 0,
    primary key (operator_id, id),
    unique (operator_id, member_id, purpose, resource_id)
);

-- Looked up before a tenant is known: ids, HMACs and hashes of 256-bit secrets only (house rule 5).

create table dispatch.identity_operator (
    ans_registry text primary key,
    operator_id uuid not null unique
);

create table dispatch.identity_email (
    email_index bytea primary key,
    operator_id uuid not null,
    principal_id uuid not null
);

create table dispatch.identity_token (
    token_hash bytea primary key,
    operator_id uuid not null,
    kind text not null check (kind in ('session', 'invitation', 'link')),
    reference uuid not null,
    expires_at timestamptz not null
);
create index identity_token_reference on dispatch.identity_token (operator_id, reference);
create index identity_token_age on dispatch.identity_token (expires_at);

-- Also counts e-mails nobody has, so that a pause does not tell who exists.
create table dispatch.identity_attempt (
    email_index bytea primary key,
    count integer not null,
    last_at timestamptz not null
);
create index identity_attempt_age on dispatch.identity_attempt (last_at);

grant select, insert, update, delete on dispatch.identity_operator, dispatch.identity_email,
    dispatch.identity_token, dispatch.identity_attempt to austa_identity;
