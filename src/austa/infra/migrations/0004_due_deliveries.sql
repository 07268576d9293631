-- Timers lie apart from what is due, so that finding the next delivery costs the same however many timers wait for
-- their day: a dispatcher marks them due when they are.

alter table dispatch.delivery add column due boolean not null default true;
update dispatch.delivery set due = false where state = 'waiting' and attempts = 0 and not_before > now();
create index delivery_due on dispatch.delivery (priority desc, id) where state = 'waiting' and due;
create index delivery_timer on dispatch.delivery (not_before) where state = 'waiting' and not due;
drop index dispatch.delivery_next;

-- Answers that were never finished are sought before each request; those of the day before it would be read through.
create index idempotency_unfinished on http.idempotency (started_at) where status is null;
