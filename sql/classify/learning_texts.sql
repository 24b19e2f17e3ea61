-- Select the texts and vectors of the kept documents, in order.
-- reads: documents, embeddings, dropped   writes: nothing
select d.doc_id, normalised(d.text) as text, e.vector
from documents as d
join embeddings as e using (doc_id)
where d.doc_id not in (select doc_id from dropped)
order by d.doc_id;
