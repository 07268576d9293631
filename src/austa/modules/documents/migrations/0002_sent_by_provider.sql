-- The provider whose clerk sent the file, and whose clerks alone may see it again.
alter table documents.document add column provider_id uuid;
