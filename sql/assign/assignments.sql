-- Insert the persona, the confidence and the runner-up of every document.
-- reads: incoming   writes: assignments
create or replace table assignments as
select
    doc_id, persona_id::integer as persona_id, sub_persona_id::integer as sub_persona_id, is_core, confidence,
    case when persona_id is not null then nullif(runner_up_id, -1)::integer end as runner_up_id,
    case when persona_id is not null then distance end as distance,
    case when persona_id is not null then nullif(runner_up_distance, 'nan'::double) end as runner_up_distance
from incoming
order by doc_id;

comment on table assignments is 'The persona of every kept document';
comment on column assignments.doc_id is 'The document';
comment on column assignments.persona_id is 'Its persona: the clustering''s, or the nearest centroid for noise and documents outside the sample; NULL for noise where assign.noise is false';
comment on column assignments.sub_persona_id is 'Its place inside the persona, from 0, the largest first; NULL where the persona does not divide into parts that are found again';
comment on column assignments.is_core is 'True if it is clearly inside: grouped by the clustering, and (k-means) its runner-up clearly further away';
comment on column assignments.confidence is 'Share of groupings of other documents in which one so placed is found in this persona again, 0 to 1, calibrated on held-out documents (quality: calibration_error); without refits the posterior under equal spherical Gaussians';
comment on column assignments.runner_up_id is 'The next nearest persona; NULL when there is one persona';
comment on column assignments.distance is 'Distance to the persona''s centroid in the space of the table reduced';
comment on column assignments.runner_up_distance is 'Distance to the runner-up''s centroid';
