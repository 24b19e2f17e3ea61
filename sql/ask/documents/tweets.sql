-- Select the columns of a listing of documents.
-- reads: passing, $limit   writes: nothing
select tweet_id, persona_id, persona_name, author, created_at, text from passing limit $limit
