-- Attach a scratch file in the storage of an index, to make views and macros in as this version writes them.
-- reads: $path   writes: mirror
attach $path as mirror (storage_version 'v1.0.0');
use mirror;
