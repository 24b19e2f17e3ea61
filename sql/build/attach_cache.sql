-- Attach the cache of vectors that have been made for this target.
-- reads: $path   writes: the cache
attach $path as cache;
