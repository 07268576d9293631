-- Clerks of providers: people of a hospital or clinic, who act for that one provider and have no other role.
-- The constraint is checked against the old rows apart, so that nobody waits for it.
alter table identity.principal add column provider_id uuid;
alter table identity.principal add constraint principal_clerk
    check ((provider_id is not null) = ('provider_clerk' = any (roles)) and (provider_id is null or cardinality(roles) = 1))
    not valid;
alter table identity.principal validate constraint principal_clerk;
