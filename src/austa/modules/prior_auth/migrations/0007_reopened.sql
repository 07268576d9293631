-- Answered requests that are looked at again: each reanalysis, complaint and court order with what was written, and
-- on the request its present term; the term of the first answer is kept beside it for the record of response times.
create table prior_auth.review (
    operator_id uuid not null,
    id uuid not null,
    key text not null,
    request_id uuid not null,
    kind text not null check (kind in ('reanalysis', 'complaint', 'order')),
    at timestamptz not null,
    opened_by text not null,
    content bytea not null,
    primary key (operator_id, id),
    unique (operator_id, key)
);
create index review_of_request on prior_auth.review (operator_id, request_id, at);
create trigger append_only before update or delete on prior_auth.review
    for each row execute function prior_auth.refuse_change();

alter table prior_auth.request
    add column reopened text,
    add column reopened_at timestamptz,
    add column first_term jsonb,
    add column extends_id uuid;
