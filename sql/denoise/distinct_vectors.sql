-- Select the vectors of the documents that are not exact duplicates, in order of their ids.
-- reads: embeddings, dropped   writes: nothing
select vector from embeddings where doc_id not in (select doc_id from dropped) order by doc_id;
