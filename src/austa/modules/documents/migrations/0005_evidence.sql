-- What speaks for or against a paper (its signatures, the programs that made it), sealed under the subject's key.
alter table documents.document add column evidence bytea;
