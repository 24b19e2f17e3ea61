-- Select the stance of one document.
-- reads: documents, stances, $tweet_id   writes: nothing
select s.stance, s.probability, s.best_stance, s.runner_up, s.runner_up_probability
from stances as s
join documents as d using (doc_id)
where d.tweet_id = $tweet_id
order by d.doc_id
limit 1;
