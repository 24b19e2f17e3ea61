-- Rank all kept documents by cosine similarity to the target.
-- reads: embeddings, assignments, $target, $limit   writes: nothing
select e.doc_id, array_inner_product(e.vector, $target)::double as score
from embeddings as e
semi join assignments as a on a.doc_id = e.doc_id
order by score desc, e.doc_id
limit $limit
