-- Select the name of every persona.
-- reads: personas   writes: nothing
select name from personas order by persona_id;
