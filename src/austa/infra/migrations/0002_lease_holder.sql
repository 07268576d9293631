-- Whose lease it is: the number under which a living worker holds an advisory lock. The lock ends with the worker's
-- connection, however it died, so what it had begun is given back at once and not when the lease runs out.

alter table dispatch.delivery add column lease_holder integer;
