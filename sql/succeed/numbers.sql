-- Select the persona of each group.
-- reads: successions   writes: nothing
select raw_label, persona_id from successions order by raw_label;
