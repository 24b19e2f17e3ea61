-- Tell the last run.
-- reads: build   writes: nothing
select * from build order by started_at desc, build_id desc limit 1;
