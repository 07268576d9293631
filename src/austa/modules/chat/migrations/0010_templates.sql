-- Message templates: the operator's wordings and the product's own, and what Meta says of each. No word of a person.
create table chat.message_template (
    operator_id uuid not null,
    id uuid not null,
    purpose text not null,
    version integer not null,
    name text not null,
    language text not null,
    category text not null,
    content jsonb not null,
    state text not null,
    author uuid,
    is_product boolean not null,
    fallback_id uuid,
    meta_status text not null default 'unsent',
    meta_category text,
    meta_reason text,
    quality text not null default 'UNKNOWN',
    told_at timestamptz,
    stopped_until timestamptz,
    changed_at timestamptz not null,
    primary key (operator_id, id),
    unique (operator_id, name, language)
);

-- Who did what with a template; only ever added to.
create table chat.template_step (
    operator_id uuid not null,
    template_id uuid not null,
    place bigint generated always as identity,
    step text not null,
    by uuid,
    what text,
    digest bytea not null,
    at timestamptz not null,
    primary key (operator_id, template_id, place)
);
