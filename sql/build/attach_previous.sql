-- Attach the index that is replaced, for reading.
-- reads: $path   writes: nothing
attach $path as previous (read_only);
