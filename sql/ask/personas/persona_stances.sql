-- Select the stances of every persona, the most frequent first.
-- reads: persona_stances   writes: nothing
select * from persona_stances order by persona_id, rank;
