-- The list of a provider's requests, newest first.
create index request_of_provider on prior_auth.request (operator_id, provider_id, received_at desc, id desc)
    where provider_id is not null;
