-- Attach a scratch file in the storage format of an index, for views and macros of this version.
-- reads: $path   writes: mirror
attach $path as mirror (storage_version 'v1.0.0');
use mirror;
