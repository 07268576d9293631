-- A file on its way in pieces (tus), each sealed under the subject's key; all of it goes when it has come whole or its time ended.
create table documents.upload (
    operator_id uuid not null,
    id uuid not null,
    -- Who began it, and alone goes on with it.
    actor text not null,
    subject_id uuid not null,
    length integer not null check (length > 0),
    received integer not null check (received between 0 and length),
    chunks integer not null,
    filename bytea,
    expires_at timestamptz not null,
    -- Once it came whole.
    document_id uuid,
    primary key (operator_id, id)
);
create index upload_actor on documents.upload (operator_id, actor);

create table documents.upload_chunk (
    operator_id uuid not null,
    upload_id uuid not null,
    start integer not null,
    content bytea not null,
    primary key (operator_id, upload_id, start),
    foreign key (operator_id, upload_id) references documents.upload (operator_id, id) on delete cascade
);
