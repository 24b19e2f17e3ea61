-- Attach the index of the baseline, for reading.
-- reads: $path   writes: nothing
attach $path as baseline (read_only);
