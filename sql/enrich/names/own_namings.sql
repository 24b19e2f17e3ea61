-- Select the answers in this file.
-- reads: ri.namings   writes: nothing
select digest, name, sentence, claim_ids from ri.namings;
