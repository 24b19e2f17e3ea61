-- Attach an index for writing, in the storage of DuckDB 1.0 that every client since 1.1 reads.
-- reads: $path   writes: the file
attach $path as ri (storage_version 'v1.0.0');
