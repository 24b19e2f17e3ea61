-- List the documents that support a claim, in their order.
-- reads: claims, documents, assignments, $claim   writes: nothing
with listed as (
    select unnest(doc_ids) as doc_id, generate_subscripts(doc_ids, 1) as place from claims where claim_id = $claim
)
select d.tweet_id, a.persona_id, d.created_at, d.text
from listed as l
join documents as d using (doc_id)
join assignments as a using (doc_id)
order by l.place
