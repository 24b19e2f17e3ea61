-- Insert the quality figures and the verdict of every persona.
-- reads: incoming   writes: persona_quality
insert into persona_quality by name select * from incoming order by persona_id;
