-- Give the personas of the core members, in order of their ids.
-- reads: assignments   writes: nothing
select persona_id from assignments where is_core order by doc_id;
