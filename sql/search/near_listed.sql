-- Rank the documents of a list that pass by cosine similarity to the target, and tell how many they are.
-- reads: embeddings, passing, $listed, $target, $limit   writes: nothing
with candidates as (
    select l.doc_id
    from (select unnest($listed::bigint[]) as doc_id) as l
    semi join temp.passing as p on p.doc_id = l.doc_id
)
select e.doc_id, array_inner_product(e.vector, $target)::double as score, (select count(*) from candidates) as listed
from embeddings as e
semi join candidates as c on c.doc_id = e.doc_id
order by score desc, e.doc_id
limit $limit
