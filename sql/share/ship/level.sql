-- Select the level of a shipped copy.
-- reads: shipped   writes: nothing
select level from shipped limit 1;
