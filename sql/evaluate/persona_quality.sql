-- Keep the figures of every persona, with what they come to.
-- reads: incoming   writes: persona_quality
insert into persona_quality by name select * from incoming order by persona_id;
