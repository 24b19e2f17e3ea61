-- Attach the cache of vectors computed for this target.
-- reads: $path   writes: the cache
attach $path as cache;
