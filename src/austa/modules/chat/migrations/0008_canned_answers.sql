-- The operator's own answers for what people ask often. No word in them is about a person.
create table chat.canned_answer (
    operator_id uuid not null,
    id uuid not null,
    title text not null,
    body text not null,
    changed_by uuid not null,
    changed_at timestamptz not null,
    ended_at timestamptz,
    primary key (operator_id, id)
);
