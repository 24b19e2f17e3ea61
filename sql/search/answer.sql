-- Tell of the documents that were ranked what they say and whose they are.
-- reads: ranked, documents, assignments, personas   writes: nothing
select r.doc_id, d.tweet_id, a.persona_id, p.name as persona_name, d.text
from ranked as r
join documents as d using (doc_id)
join assignments as a using (doc_id)
left join personas as p on p.persona_id = a.persona_id
