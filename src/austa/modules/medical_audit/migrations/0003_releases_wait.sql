-- A release waits before it leaves: until when, and how many papers the request had when the person pressed.
alter table medical_audit.release add column waits_until timestamptz, add column papers_seen integer;

-- One decision of a case may be under way at a time, waiting or on its way.
create unique index release_under_way on medical_audit.release (operator_id, case_id)
    where state in ('releasing', 'recording');
drop index medical_audit.release_recording;
