-- Select the merges in effect, in the order in which they were made.
-- reads: edits   writes: nothing
select other_id, persona_id from edits where kind = 'merge' and not undone order by edit_id;
