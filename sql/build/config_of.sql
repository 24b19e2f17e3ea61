-- Give the settings and time zone of the last run, and where its vector table is.
-- reads: build   writes: nothing
select config, encoder, vector_table, seed, threads from build order by started_at desc, build_id desc limit 1;
