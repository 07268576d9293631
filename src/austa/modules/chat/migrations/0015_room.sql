-- Every message changes its conversation's row twice or more. Room on the page keeps the new version beside the old one,
-- and the indexes as they are: three changes of four instead of one, measured.
alter table chat.conversation set (fillfactor = 60);
