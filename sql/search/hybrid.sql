-- Rank the documents that pass by meaning and by keywords at once.
-- reads: embeddings, keyword_scores(), passing, target, documents, assignments, personas, $query, $limit   writes: nothing
-- Reciprocal rank fusion with the constant 60 (Cormack, Clarke and Buettcher 2009).
with near as (
    select doc_id, row_number() over (order by score desc, doc_id) as rank from (
        select e.doc_id, array_inner_product(e.vector, t.vector) as score
        from embeddings as e
        semi join passing as p on p.doc_id = e.doc_id
        cross join target as t
        order by score desc, e.doc_id limit greatest(100, 5 * $limit)
    )
),
said as (
    select doc_id, row_number() over (order by score desc, doc_id) as rank from (
        select s.doc_id, s.score from keyword_scores($query) as s
        semi join passing as p on p.doc_id = s.doc_id
        order by s.score desc, s.doc_id limit greatest(100, 5 * $limit)
    )
),
fused as (
    select coalesce(n.doc_id, s.doc_id) as doc_id, n.rank as vector_rank, s.rank as keyword_rank,
        coalesce(1 / (60 + n.rank), 0) + coalesce(1 / (60 + s.rank), 0) as score
    from near as n full join said as s on s.doc_id = n.doc_id
    order by score desc, doc_id limit $limit
)
select d.tweet_id, f.score::double as score, a.persona_id, p.name as persona_name, d.text, f.vector_rank, f.keyword_rank
from fused as f
join documents as d using (doc_id)
join assignments as a using (doc_id)
join personas as p using (persona_id)
order by f.score desc, f.doc_id
