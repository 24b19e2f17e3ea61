-- Create the cache of a language model's answers next to the work file.
-- reads: nothing   writes: cache.namings
create table if not exists cache.namings (digest varchar, name varchar, sentence varchar, claim_ids varchar[]);
