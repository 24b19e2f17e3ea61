-- Leave out the vectors of tweets, and what needs them.
-- reads: nothing   writes: embeddings, search_vectors
drop table if exists embeddings;
