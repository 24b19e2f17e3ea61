-- Define the search vectors as those of the personas: the static encoder made them.
-- reads: embeddings, dropped   writes: view search_vectors
drop table if exists search_vectors_own;
create or replace view search_vectors as
select doc_id, vector from embeddings where doc_id not in (select doc_id from dropped);
comment on view search_vectors is 'The static encoder''s vector of each kept document, for similar_tweets';
comment on column search_vectors.doc_id is 'The document';
comment on column search_vectors.vector is 'Unit vector of its text';
