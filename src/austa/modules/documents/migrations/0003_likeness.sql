-- By what a paper is known again when its photo was saved anew, sealed under the key of the document's subject: signs of
-- the picture, and the words that were read. It goes with its document.
create table documents.likeness (
    operator_id uuid not null,
    document_id uuid not null,
    content bytea not null,
    primary key (operator_id, document_id),
    foreign key (operator_id, document_id) references documents.document (operator_id, id) on delete cascade
);

-- HMAC of what says whose a paper is (name, card, CPF, CNS): only papers that share one are compared.
create table documents.person_mark (
    operator_id uuid not null,
    mark bytea not null,
    document_id uuid not null,
    primary key (operator_id, mark, document_id),
    foreign key (operator_id, document_id) references documents.likeness (operator_id, document_id) on delete cascade
);
create index person_mark_document on documents.person_mark (operator_id, document_id);

-- An earlier document of another person that shows the same photo.
create table documents.same_photo (
    operator_id uuid not null,
    document_id uuid not null,
    earlier_id uuid not null,
    primary key (operator_id, document_id, earlier_id),
    foreign key (operator_id, document_id) references documents.likeness (operator_id, document_id) on delete cascade,
    foreign key (operator_id, earlier_id) references documents.likeness (operator_id, document_id) on delete cascade
);
create index same_photo_earlier on documents.same_photo (operator_id, earlier_id);
