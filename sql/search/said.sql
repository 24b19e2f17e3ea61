-- Rank the documents that pass by the keywords of a text (BM25).
-- reads: keyword_scores(), passing, $query, $limit   writes: nothing
select s.doc_id, s.score::double as score
from keyword_scores($query) as s
semi join temp.passing as p on p.doc_id = s.doc_id
order by s.score desc, s.doc_id
limit $limit
