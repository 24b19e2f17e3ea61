-- Select the former personas that a group may succeed, including merged ones.
-- reads: previous.successions   writes: nothing
select distinct persona_id from previous.successions order by persona_id;
