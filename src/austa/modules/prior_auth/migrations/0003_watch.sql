-- Which stage of its term a request is watched for. Null: taken by a version that did not watch yet (it may still run
-- beside this one); `austa clocks watch` sets what they lack. A column without default is added without touching rows.
alter table prior_auth.request add column watch text;
