-- Copy the vectors of the previous index for texts that are still present.
-- reads: previous.embeddings, previous.documents, ri.documents   writes: cache.vectors
insert into cache.vectors
select d.text_hash, e.vector
from previous.embeddings as e
join previous.documents as d using (doc_id)
where d.doc_id in (select min(doc_id) from previous.documents group by text_hash)
    and d.text_hash in (select text_hash from ri.documents)
    and d.text_hash not in (select text_hash from cache.vectors);
