-- Count the core members of either group.
-- reads: members   writes: nothing
select count(*) filter (persona_id = 0 and is_core), count(*) filter (persona_id = 1 and is_core) from members;
