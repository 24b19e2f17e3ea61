-- Give the row of the last run: the last that was written, whatever the clock said.
-- reads: build   writes: nothing
select * from build order by rowid desc limit 1;
