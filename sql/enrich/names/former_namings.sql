-- Give the answers that the index that is to be replaced holds.
-- reads: previous.namings   writes: nothing
select digest, name, sentence, claim_ids from previous.namings;
