-- Insert one answer into the cache, so that a crash loses at most the next.
-- reads: $digest, $called, $sentence, $claim_ids   writes: cache.namings
insert into cache.namings values ($digest, $called, $sentence, $claim_ids);
