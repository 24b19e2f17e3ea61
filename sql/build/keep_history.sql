-- Copy the rows of earlier builds from the index that is replaced.
-- reads: previous.build   writes: build
insert into build by name
select * from previous.build where build_id not in (select build_id from build) order by rowid;
