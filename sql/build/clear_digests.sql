-- Delete the digests of the last run.
-- reads: nothing   writes: digests
delete from digests;
