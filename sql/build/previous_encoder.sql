-- Tell whose vectors the index that is to be replaced holds.
-- reads: previous.build   writes: nothing
select encoder_digest from previous.build order by rowid desc limit 1;
