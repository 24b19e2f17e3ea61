-- Give the answers that this file holds.
-- reads: ri.namings   writes: nothing
select digest, name, sentence, claim_ids from ri.namings;
