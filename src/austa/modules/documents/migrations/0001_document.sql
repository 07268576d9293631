create table documents.document (
    operator_id uuid not null,
    id uuid not null,
    key text not null,
    subject_id uuid not null,
    source text not null check (source in ('whatsapp', 'web', 'api', 'demo')),
    media_type text not null,
    size_bytes integer not null check (size_bytes > 0),
    -- HMAC of the SHA-256 of the bytes: the same file is found again, its hash is not told.
    content_mark bytea not null,
    filename bytea,
    status text not null check (status in ('stored', 'reading', 'read', 'refused')),
    attempts integer not null,
    refusal text,
    document_class text,
    class_confidence double precision not null,
    handwritten boolean not null,
    pages jsonb not null,
    -- Fields and procedures, sealed under the subject's key.
    facts bytea,
    created_at timestamptz not null,
    read_at timestamptz,
    primary key (operator_id, id),
    unique (operator_id, key),
    check ((status = 'refused') = (refusal is not null))
);
create index document_content on documents.document (operator_id, content_mark, created_at);
