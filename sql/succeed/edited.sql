-- List the personas that edits in effect refer to.
-- reads: edits   writes: nothing
select edit_id, kind, persona_id, other_id, name from edits where not undone order by edit_id;
