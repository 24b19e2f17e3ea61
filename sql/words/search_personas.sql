-- Insert the static encoder's mean vector of each persona's core members.
-- reads: incoming   writes: search_personas
create or replace table search_personas as select persona_id, vector from incoming order by persona_id;
comment on table search_personas is 'Unit mean of the static vectors of each persona''s core members, for similar_personas';
comment on column search_personas.persona_id is 'The persona';
comment on column search_personas.vector is 'The vector';
