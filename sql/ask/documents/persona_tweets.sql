-- List a persona's documents, the most typical first.
-- reads: documents, assignments, $persona, $limit   writes: nothing
select d.tweet_id, d.text, d.author, d.created_at, a.is_core, a.confidence
from assignments as a
join documents as d using (doc_id)
where a.persona_id = $persona
order by not a.is_core, a.distance, a.doc_id
limit $limit
