-- Select the encoder of the vectors in the index that is replaced.
-- reads: previous.build   writes: nothing
select encoder_digest from previous.build order by rowid desc limit 1;
