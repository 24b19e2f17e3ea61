-- Attach an index for reading only.
-- reads: $path   writes: nothing
attach $path as ri (read_only);
