-- Select the vector of one document.
-- reads: documents, embeddings, $tweet_id   writes: nothing
select e.vector
from embeddings as e
join documents as d using (doc_id)
where d.tweet_id = $tweet_id
order by d.doc_id
limit 1
