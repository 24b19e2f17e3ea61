-- Select the name of the vector table of the last run.
-- reads: build   writes: nothing
select vector_table from build order by rowid desc limit 1;
