-- Leave out the vectors of tweets, and what needs them.
-- reads: nothing   writes: embeddings, search_vectors
drop macro table if exists similar_tweets;
drop macro table if exists ranked_tweets;
drop view if exists search_vectors;
drop table if exists embeddings;
