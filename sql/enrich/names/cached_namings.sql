-- Give the answers that the cache holds.
-- reads: cache.namings   writes: nothing
select digest, name, sentence, claim_ids from cache.namings;
