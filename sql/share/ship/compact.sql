-- Copy the remaining data to a new file, without the freed blocks of the old one.
-- reads: ri, $path   writes: the new file
attach $path as fresh (storage_version 'v1.0.0');
copy from database ri to fresh;
checkpoint fresh;
detach fresh;
