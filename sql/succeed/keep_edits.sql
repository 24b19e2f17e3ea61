-- Copy the edits from the index that is replaced.
-- reads: previous.edits   writes: edits
delete from edits;
insert into edits by name select * from previous.edits;
