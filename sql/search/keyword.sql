-- Rank the documents that pass by the keywords of a text (BM25).
-- reads: keyword_scores(), passing, documents, assignments, personas, $query, $limit   writes: nothing
with scored as (
    select s.doc_id, s.score from keyword_scores($query) as s
    semi join passing as p on p.doc_id = s.doc_id
    order by s.score desc, s.doc_id limit $limit
)
select d.tweet_id, s.score::double as score, a.persona_id, p.name as persona_name, d.text
from scored as s
join documents as d using (doc_id)
join assignments as a using (doc_id)
join personas as p using (persona_id)
order by s.score desc, s.doc_id
