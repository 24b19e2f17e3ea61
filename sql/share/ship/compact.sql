-- Write everything that is left to a new file: no freed block of the old one comes along.
-- reads: ri, $path   writes: the new file
attach $path as fresh (storage_version 'v1.0.0');
copy from database ri to fresh;
checkpoint fresh;
detach fresh;
