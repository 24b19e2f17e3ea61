-- Select the documents that are not exact duplicates, by id, with the place of each in time; reposts come last.
-- reads: documents, embeddings, dropped   writes: nothing
select doc_id, row_number() over (order by coalesce(is_repost, false), created_at nulls last, doc_id) - 1 as place
from documents
where doc_id in (select doc_id from embeddings) and doc_id not in (select doc_id from dropped)
order by doc_id;
