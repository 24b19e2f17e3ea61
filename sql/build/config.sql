-- Select the settings of the last run, as JSON.
-- reads: build   writes: nothing
select config from build order by rowid desc limit 1;
