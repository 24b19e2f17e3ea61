-- Insert the centres to which documents are assigned.
-- reads: incoming   writes: persona_centres
create or replace table persona_centres as select persona_id::integer as persona_id, vector from incoming order by persona_id;
comment on table persona_centres is 'Centre of each persona in the space of the table reduced: the mean of the documents in its groups';
comment on column persona_centres.persona_id is 'The persona';
comment on column persona_centres.vector is 'Its coordinates';
