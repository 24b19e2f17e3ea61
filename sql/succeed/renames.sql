-- Select the last name that each persona was given by hand.
-- reads: edits   writes: nothing
select persona_id, arg_max(name, edit_id) as name from edits where kind = 'rename' and not undone group by persona_id order by persona_id;
