-- Select the answers in the cache.
-- reads: cache.namings   writes: nothing
select digest, name, sentence, claim_ids from cache.namings;
