-- Insert one batch of vectors into the cache, so that a crash loses at most the next.
-- reads: incoming   writes: cache.vectors
insert into cache.vectors select text_hash::uuid, vector from incoming;
