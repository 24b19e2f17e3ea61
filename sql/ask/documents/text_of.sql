-- Select the text of a tweet as the encoder read it.
-- reads: documents, $tweet_id   writes: nothing
select normalised(text) as text from documents where tweet_id = $tweet_id order by doc_id limit 1
