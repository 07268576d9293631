-- Which provider's clerk asked. Who only performs the care sees what that needs, and neither answers nor cancels.
alter table prior_auth.request add column asking_provider_id uuid;

-- The owner writes for every operator. Only clerks asked for their provider.
alter table prior_auth.request no force row level security;
alter table prior_auth.change no force row level security;
update prior_auth.request r
set asking_provider_id = r.provider_id
from prior_auth.change c
where c.operator_id = r.operator_id and c.request_id = r.id and c.sequence = 1 and c.actor like 'clerk:%';
alter table prior_auth.change force row level security;
alter table prior_auth.request force row level security;
