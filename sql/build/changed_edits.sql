-- Find edits by hand that differ between the work file and the index that is replaced.
-- reads: edits, previous.edits   writes: nothing
(from previous.edits except all from edits) union all (from edits except all from previous.edits);
