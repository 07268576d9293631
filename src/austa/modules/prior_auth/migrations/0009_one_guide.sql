-- One guide a request: each guide after the first takes the place of the one before. The two indexes make of a
-- request's guides one chain, which has one end: the guide that counts.
alter table prior_auth.decision add column replaces_guide text;

-- What earlier versions issued beside a first guide took its place too. The owner writes for every operator.
alter table prior_auth.decision no force row level security;
alter table prior_auth.decision disable trigger append_only;
with guides as (
    select operator_id, id, lag(guide_number) over (partition by operator_id, request_id order by at, id) as before
    from prior_auth.decision
    where guide_number is not null
)
update prior_auth.decision d
set replaces_guide = guides.before
from guides
where guides.operator_id = d.operator_id and guides.id = d.id and guides.before is not null;
alter table prior_auth.decision enable trigger append_only;
alter table prior_auth.decision force row level security;

create unique index decision_first_guide on prior_auth.decision (operator_id, request_id)
    where guide_number is not null and replaces_guide is null;
create unique index decision_next_guide on prior_auth.decision (operator_id, replaces_guide)
    where replaces_guide is not null;
