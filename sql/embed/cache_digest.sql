-- Select the digest of the encoder whose vectors the cache holds.
-- reads: cache.about   writes: nothing
select encoder_digest from cache.about;
