-- Rank all kept documents by the keywords of a text (BM25).
-- reads: keyword_scores(), $query, $limit   writes: nothing
select doc_id, score::double as score
from keyword_scores($query)
order by score desc, doc_id
limit $limit
