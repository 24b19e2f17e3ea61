-- Create the cache of vectors next to the work file, for one encoder.
-- reads: incoming (an empty batch that has the vector's type), $encoder_digest   writes: cache.vectors, cache.about
create or replace table cache.vectors as select text_hash::uuid as text_hash, vector from incoming limit 0;
create or replace table cache.about as select $encoder_digest::varchar as encoder_digest;
