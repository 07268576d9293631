-- By what papers are found: HMACs of words, each with whose paper it is, and of codes and numbers. They go with their document.
create table documents.search_token (
    operator_id uuid not null,
    token bytea not null,
    document_id uuid not null,
    primary key (operator_id, token, document_id),
    foreign key (operator_id, document_id) references documents.document (operator_id, id) on delete cascade
);
create index search_token_document on documents.search_token (operator_id, document_id);
