-- Read the tables that an index of an earlier version lacks.
-- reads: stances, speakers, persona_stances   writes: nothing
select (select count(*) from stances) + (select count(*) from speakers) + (select count(*) from persona_stances);
