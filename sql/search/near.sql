-- Rank the documents that pass by cosine similarity to the target.
-- reads: embeddings, passing, $target, $limit   writes: nothing
select e.doc_id, array_inner_product(e.vector, $target)::double as score
from embeddings as e
semi join temp.passing as p on p.doc_id = e.doc_id
order by score desc, e.doc_id
limit $limit
