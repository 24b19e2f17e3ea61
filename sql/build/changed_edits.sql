-- Find edits by hand that the work file and the index that is to be replaced do not share.
-- reads: edits, previous.edits   writes: nothing
(from previous.edits except all from edits) union all (from edits except all from previous.edits);
