-- Select the persona of a document; for a dropped one, that of its duplicate.
-- reads: documents, dropped, assignments, personas, $tweet_id   writes: nothing
select p.persona_id, p.name
from documents as d
left join dropped as x on x.doc_id = d.doc_id
join assignments as a on a.doc_id = coalesce(x.kept_doc_id, d.doc_id)
join personas as p on p.persona_id = a.persona_id
where d.tweet_id = $tweet_id
order by d.doc_id
limit 1
