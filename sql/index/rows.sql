-- Select the rows of the vector table: kept documents with the columns of filters.
-- reads: documents, embeddings, assignments   writes: nothing
select
    d.doc_id, d.tweet_id, d.text, d.author, d.created_at, d.lang, d.like_count, d.retweet_count, d.reply_count,
    a.persona_id, a.is_core, a.confidence, e.vector
from documents as d
join assignments as a using (doc_id)
join embeddings as e using (doc_id)
order by d.doc_id;
