-- Select the centroids of the former personas.
-- reads: previous.personas   writes: nothing
select persona_id, centroid from previous.personas order by persona_id;
