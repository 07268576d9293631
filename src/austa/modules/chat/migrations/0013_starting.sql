-- A number that Meta does not let send now: what we start goes from another of the operator's.
create table chat.number_stop (
    operator_id uuid not null,
    number_id text not null,
    until timestamptz not null,
    code integer not null,
    primary key (operator_id, number_id)
);

-- Who has had as many templates as Meta lets one person get (131049), until when.
create table chat.template_cap (
    operator_id uuid not null,
    identity_id uuid not null,
    until timestamptz not null,
    primary key (operator_id, identity_id)
);
