-- Select who speaks in one document, with the signs.
-- reads: documents, speakers, $tweet_id   writes: nothing
select s.speaker, s.score, s.reasons
from speakers as s
join documents as d using (doc_id)
where d.tweet_id = $tweet_id
order by d.doc_id
limit 1;
