-- Name the vector tables of the last two runs, which are kept.
-- reads: build   writes: nothing
select distinct vector_table from (select vector_table from build order by started_at desc limit 2);
