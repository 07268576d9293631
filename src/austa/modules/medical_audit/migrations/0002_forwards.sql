create table medical_audit.forward (
    operator_id uuid not null,
    id uuid not null,
    case_id uuid not null,
    request_id uuid not null,
    round integer not null,
    forwarded_by uuid not null,
    reason bytea not null,
    at timestamptz not null,
    primary key (operator_id, id),
    foreign key (operator_id, case_id) references medical_audit.audit_case
);
create index forward_case on medical_audit.forward (operator_id, case_id, at);
