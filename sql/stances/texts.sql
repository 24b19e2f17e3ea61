-- Select the distinct texts with their vectors, in order of first appearance.
-- reads: documents, embeddings   writes: nothing
select d.text_hash, normalised(d.text) as text, e.vector
from documents as d
join embeddings as e using (doc_id)
where d.doc_id in (select min(doc_id) from documents group by text_hash)
order by d.doc_id;
