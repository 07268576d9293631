-- The people, notices and evidence of medical boards: the register of physicians who may be named for a tie-break, and
-- every act as it was written, sealed, on its way down to the legal states.
create table medical_audit.tiebreaker (
    operator_id uuid not null,
    id uuid not null,
    uf text not null,
    number text not null,
    specialties text[] not null,
    city text not null,
    active boolean not null,
    person bytea not null,
    digest bytea not null,
    recorded_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, uf, number)
);

create table medical_audit.board_act (
    operator_id uuid not null,
    id uuid not null,
    case_id uuid not null,
    request_id uuid not null,
    kind text not null,
    made_by uuid not null,
    at timestamptz not null,
    body bytea not null,
    state text not null check (state in ('recording', 'recorded', 'refused')),
    refusal text,
    reasons text[] not null default '{}',
    primary key (operator_id, id),
    foreign key (operator_id, case_id) references medical_audit.audit_case
);
create index board_act_case on medical_audit.board_act (operator_id, case_id, at);
-- One act of a board is on its way at a time.
create unique index board_act_under_way on medical_audit.board_act (operator_id, case_id) where state = 'recording';
