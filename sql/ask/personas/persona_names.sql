-- Select the names of the personas.
-- reads: personas   writes: nothing
select persona_id, name from personas
