-- Why an operator changed its calendar, for whoever asks later.
alter table prior_auth.calendar add column reason text not null default '';
