-- Insert the persona of each group: one of the former index if the group succeeds it, else a new number.
-- reads: incoming   writes: successions
create or replace table successions as
select raw_label, persona_id, likeness from incoming order by raw_label;
comment on table successions is 'Persona of each group of the fit: a group takes the number of the persona of the former index that it succeeds';
comment on column successions.raw_label is 'The group';
comment on column successions.persona_id is 'Its persona, before personas were merged by hand';
comment on column successions.likeness is 'Jaccard overlap with the former persona; cosine of the centroids if few documents are in both indexes; NULL for a new persona';
