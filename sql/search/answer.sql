-- Select text and persona of the ranked documents.
-- reads: documents, assignments, $ranked   writes: nothing
select d.doc_id, d.tweet_id, a.persona_id, d.text
from documents as d
semi join (select unnest($ranked::bigint[]) as doc_id) as r on r.doc_id = d.doc_id
join assignments as a on a.doc_id = d.doc_id
