-- List the distinct texts that have no vector yet, in order of first appearance.
-- reads: ri.documents, cache.vectors   writes: nothing
select text_hash, normalised(text) as text
from ri.documents
where doc_id in (select min(doc_id) from ri.documents group by text_hash)
    and text_hash not in (select text_hash from cache.vectors)
order by doc_id;
