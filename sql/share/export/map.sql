-- Select the position of every kept tweet on the map.
-- reads: documents, assignments, personas, layout   writes: nothing
select l.x, l.y, d.text, p.name as persona, a.persona_id, d.tweet_id
from documents as d
join assignments as a using (doc_id)
left join personas as p on p.persona_id = a.persona_id
join layout as l using (doc_id)
order by d.doc_id
