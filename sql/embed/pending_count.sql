-- Count the distinct texts that have no vector yet.
-- reads: ri.documents, cache.vectors   writes: nothing
select count(distinct text_hash) from ri.documents where text_hash not in (select text_hash from cache.vectors);
