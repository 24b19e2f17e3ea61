-- Carry the edits over from the index that is to be replaced.
-- reads: previous.edits   writes: edits
delete from edits;
insert into edits by name select * from previous.edits;
