-- Delete the vectors of tweets, and the objects that need them.
-- reads: nothing   writes: embeddings, search_vectors
drop table if exists embeddings;
