-- Keep every document's persona, how sure it is, and the runner-up.
-- reads: incoming   writes: assignments
create or replace table assignments as
select
    doc_id, persona_id::integer as persona_id, is_core, confidence, nullif(runner_up_id, -1)::integer as runner_up_id,
    distance, nullif(runner_up_distance, 'nan'::double) as runner_up_distance
from incoming
order by doc_id;

comment on table assignments is 'The persona of every kept document';
comment on column assignments.doc_id is 'The document';
comment on column assignments.persona_id is 'Its persona: the clustering''s, or the nearest centroid for noise and documents outside the sample';
comment on column assignments.is_core is 'Whether it is clearly inside: grouped by the clustering, and (k-means) its runner-up clearly further away';
comment on column assignments.confidence is 'Probability of the persona under equal spherical Gaussians around the centroids, 0 to 1';
comment on column assignments.runner_up_id is 'The next nearest persona; NULL when there is one persona';
comment on column assignments.distance is 'Distance to the persona''s centroid in the space of the table reduced';
comment on column assignments.runner_up_distance is 'Distance to the runner-up''s centroid';
