-- Rank the documents that pass by cosine similarity to the target.
-- reads: embeddings, passing, target, documents, assignments, personas, $limit   writes: nothing
with scored as (
    select e.doc_id, array_inner_product(e.vector, t.vector) as score
    from embeddings as e
    semi join passing as p on p.doc_id = e.doc_id
    cross join target as t
    order by score desc, e.doc_id
    limit $limit
)
select d.tweet_id, s.score::double as score, a.persona_id, p.name as persona_name, d.text
from scored as s
join documents as d using (doc_id)
join assignments as a using (doc_id)
join personas as p using (persona_id)
order by s.score desc, s.doc_id
