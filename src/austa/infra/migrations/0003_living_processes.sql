-- Which processes live: each holds an advisory lock of our class (`infra.living`) under a number of its own.

create function outbox.living_processes() returns setof bigint language sql stable as $$
    select objid::bigint from pg_locks
     where locktype = 'advisory' and classid = 16725 and objsubid = 2
       and database = (select oid from pg_database where datname = current_database())
$$;

-- Which of them was at work on a request: when it is gone, the same request may be tried again at once.
alter table http.idempotency add column holder integer;
