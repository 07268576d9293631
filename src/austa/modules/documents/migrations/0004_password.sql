-- The password of an encrypted PDF, sealed under the subject's key, from when somebody gives it until it was tried.
alter table documents.document add column password bytea;
