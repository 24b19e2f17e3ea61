-- Select the persona of every kept tweet.
-- reads: documents, assignments, personas   writes: nothing
select d.tweet_id, a.persona_id, p.name
from documents as d
join assignments as a using (doc_id)
join personas as p using (persona_id)
order by d.doc_id;
