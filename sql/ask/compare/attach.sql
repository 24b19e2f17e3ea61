-- Attach the index that gives the baseline, for reading.
-- reads: $path   writes: nothing
attach $path as baseline (read_only);
