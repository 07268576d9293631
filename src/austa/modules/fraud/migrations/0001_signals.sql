-- What was asked, as far as later requests are compared with it, and the last screening, sealed under the member's key.
create table fraud.screened (
    operator_id uuid not null,
    request_id uuid not null,
    member_id uuid not null,
    subject_id uuid not null,
    -- The holder's member id: a family shares telephones, receipts and files.
    family_id uuid not null,
    kind text not null,
    asked_on date not null,
    provider_id uuid,
    urgent_on_elective boolean not null,
    -- Denied or cancelled: what was never done is compared with nothing.
    given_up boolean not null,
    at timestamptz not null,
    rules_version text not null,
    rules_digest text not null,
    content bytea not null,
    primary key (operator_id, request_id)
);

-- Attendances asked for (source request) and performed (source bill). Who performed is a mark (HMAC), not a name.
create table fraud.attendance (
    operator_id uuid not null,
    id uuid not null,
    source text not null,
    request_id uuid,
    member_id uuid not null,
    performer bytea,
    provider_id uuid not null,
    state text not null,
    latitude_e6 integer,
    longitude_e6 integer,
    tuss text not null,
    laterality text,
    starts_at timestamptz not null,
    -- Without minutes only the day is known.
    minutes integer,
    primary key (operator_id, id),
    check (source in ('request', 'bill'))
);
create index attendance_member on fraud.attendance (operator_id, member_id, starts_at);
create index attendance_performer on fraud.attendance (operator_id, performer, starts_at) where performer is not null;
create index attendance_request on fraud.attendance (operator_id, request_id) where request_id is not null;
create index attendance_bill on fraud.attendance (operator_id) where source = 'bill';

create table fraud.receipt (
    operator_id uuid not null,
    request_id uuid not null,
    position integer not null,
    member_id uuid not null,
    family_id uuid not null,
    issuer bytea not null,
    number bigint not null,
    issued_on date not null,
    amount_centavos bigint not null,
    primary key (operator_id, request_id, position)
);
create index receipt_family on fraud.receipt (operator_id, family_id, issued_on);

create table fraud.paper (
    operator_id uuid not null,
    document_id uuid not null,
    request_id uuid not null,
    family_id uuid not null,
    primary key (operator_id, document_id, request_id)
);
create index paper_request on fraud.paper (operator_id, request_id);

create table fraud.provider_day (
    operator_id uuid not null,
    provider_id uuid not null,
    day date not null,
    requests integer not null,
    urgent_on_elective integer not null,
    primary key (operator_id, provider_id, day)
);

create table fraud.admission (
    operator_id uuid not null,
    member_id uuid not null,
    provider_id uuid not null,
    since date not null,
    until date,
    primary key (operator_id, member_id, provider_id, since)
);

create table fraud.owner (
    operator_id uuid not null,
    performer bytea not null,
    supplier text not null,
    primary key (operator_id, performer, supplier)
);

create table fraud.opening (
    operator_id uuid not null,
    provider_id uuid not null,
    -- Monday is 0, Sunday 6, holidays 7.
    weekday integer not null,
    opens integer not null,
    closes integer not null,
    primary key (operator_id, provider_id, weekday, opens),
    check (weekday between 0 and 7 and opens >= 0 and closes <= 1440 and opens < closes)
);

create table fraud.device (
    operator_id uuid not null,
    device bytea not null,
    member_id uuid not null,
    at timestamptz not null,
    family_id uuid not null,
    address boolean not null,
    primary key (operator_id, device, member_id, at)
);
create index device_member on fraud.device (operator_id, member_id, at);
create index device_at on fraud.device (operator_id, device, at);

-- An operator's own numbers; every version is kept, the last is in force.
create table fraud.rule_set (
    operator_id uuid not null,
    revision integer not null,
    digest text not null,
    version text not null,
    content bytea not null,
    set_at timestamptz not null,
    set_by text not null,
    primary key (operator_id, revision)
);
