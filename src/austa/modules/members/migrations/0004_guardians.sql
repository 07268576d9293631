-- Whose guardian somebody is: asked when they write on WhatsApp.
create index member_guardian on members.member (operator_id, guardian_id) where guardian_id is not null;
