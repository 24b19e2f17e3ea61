-- Give the ids of the documents that are no exact duplicates.
-- reads: embeddings, dropped   writes: nothing
select doc_id from embeddings where doc_id not in (select doc_id from dropped) order by doc_id;
