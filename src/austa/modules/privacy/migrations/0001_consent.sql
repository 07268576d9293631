-- Consent with its evidence, and the record of who looked at whose data. Ids and codes only: the words a person
-- agreed to lie in the code, by version, and their hash here.

create table privacy.consent (
    operator_id uuid not null,
    id uuid not null,
    subject_id uuid not null,
    purpose text not null,
    text_version integer not null,
    text_sha256 text not null check (text_sha256 ~ '^[0-9a-f]{64}$'),
    channel text not null,
    evidence uuid not null,
    given_at timestamptz not null,
    guardian_id uuid,
    revoked_at timestamptz,
    revocation_channel text,
    revocation_evidence uuid,
    primary key (operator_id, id),
    unique (operator_id, subject_id, purpose, evidence),
    check ((revoked_at is null) = (revocation_evidence is null))
);

create table privacy.access (
    operator_id uuid not null,
    id uuid not null,
    subject_id uuid not null,
    actor text not null,
    what text not null,
    resource_id uuid,
    why text not null,
    at timestamptz not null,
    primary key (operator_id, id)
);
create index access_subject on privacy.access (operator_id, subject_id, at desc, id desc);

create function privacy.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of privacy.% never change', tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger append_only before update or delete on privacy.access
    for each row execute function privacy.refuse_change();
