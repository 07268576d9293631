-- Medical boards (RN ANS 424/2017): one row a board with its legal dates, the four names each under the key of the
-- physician named, and every step that was taken.
create table prior_auth.board (
    operator_id uuid not null,
    id uuid not null,
    request_id uuid not null,
    case_id uuid not null,
    opened_at timestamptz not null,
    opened_by text not null,
    view text not null,
    must_end_by timestamptz not null,
    requester_received_at timestamptz,
    requester_means text,
    member_received_at timestamptz,
    member_means text,
    requester_until timestamptz,
    answer text,
    answered_at timestamptz,
    chosen smallint,
    chosen_by text,
    chosen_at timestamptz,
    tiebreaker_until timestamptz,
    needs text[] not null default '{}',
    conclusion text,
    conclusion_items jsonb,
    concluded_at timestamptz,
    opinion_id uuid,
    opinion_digest text,
    opinion_written_at timestamptz,
    content bytea not null,
    primary key (operator_id, id)
);
create index board_of_request on prior_auth.board (operator_id, request_id, opened_at);

create table prior_auth.board_candidate (
    operator_id uuid not null,
    board_id uuid not null,
    position smallint not null,
    subject_id uuid not null,
    content bytea not null,
    primary key (operator_id, board_id, position),
    foreign key (operator_id, board_id) references prior_auth.board
);

create table prior_auth.board_step (
    operator_id uuid not null,
    key text not null,
    request_id uuid not null,
    board_id uuid,
    kind text not null,
    at timestamptz not null,
    taken_by text not null,
    primary key (operator_id, key)
);
create index board_step_of_request on prior_auth.board_step (operator_id, request_id, at);
create trigger append_only before update or delete on prior_auth.board_step
    for each row execute function prior_auth.refuse_change();
