-- Tie-breakers of medical boards: physicians outside the operator, who have no other role.
-- The constraint is checked against the old rows apart, so that nobody waits for it.
alter table identity.principal add constraint principal_tiebreaker
    check (not ('tiebreaker' = any (roles)) or (cardinality(roles) = 1 and council = 'CRM'))
    not valid;
alter table identity.principal validate constraint principal_tiebreaker;
