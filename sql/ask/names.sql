-- Name every persona.
-- reads: personas   writes: nothing
select persona_id, name from personas order by persona_id;
