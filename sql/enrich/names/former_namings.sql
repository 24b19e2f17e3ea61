-- Select the answers in the index that is replaced.
-- reads: previous.namings   writes: nothing
select digest, name, sentence, claim_ids from previous.namings;
