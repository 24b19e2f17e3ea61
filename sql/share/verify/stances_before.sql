-- Keep the stances of the file for comparison.
-- reads: stances   writes: stances_before (temporary)
create or replace temp table stances_before as from stances;
