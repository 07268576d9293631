-- Decision receipts that are signed and from which each person can be erased, and the rules they rest on. Everything
-- here adds: rows written before keep format 1, the whole receipt under the member's key and no signature.

alter table prior_auth.decision add column signature bytea;

create table prior_auth.receipt_part (
    operator_id uuid not null,
    decision_id uuid not null,
    person text not null,
    subject_id uuid not null,
    content bytea not null,
    primary key (operator_id, decision_id, person)
);

create table prior_auth.rule_source (
    operator_id uuid not null,
    digest text not null,
    kind text not null,
    version text not null,
    content bytea not null,
    first_used_at timestamptz not null,
    primary key (operator_id, digest)
);

create trigger append_only before update or delete on prior_auth.receipt_part
    for each row execute function prior_auth.refuse_change();
create trigger append_only before update or delete on prior_auth.rule_source
    for each row execute function prior_auth.refuse_change();
