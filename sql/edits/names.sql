-- Give every persona's name.
-- reads: personas   writes: nothing
select name from personas order by persona_id;
