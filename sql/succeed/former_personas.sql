-- Give the former personas that a group may succeed, merged ones too.
-- reads: previous.successions   writes: nothing
select distinct persona_id from previous.successions order by persona_id;
