-- The ADI 7265 checklist: what a physician found of the five criteria for one item outside the Rol. Never changed.
create table medical_audit.checklist (
    operator_id uuid not null,
    id uuid not null,
    case_id uuid not null,
    position integer not null,
    author_id uuid not null,
    body bytea not null,
    created_at timestamptz not null,
    primary key (operator_id, id),
    foreign key (operator_id, case_id) references medical_audit.audit_case
);
create index checklist_case on medical_audit.checklist (operator_id, case_id, created_at);
