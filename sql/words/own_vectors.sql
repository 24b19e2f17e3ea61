-- Define the search vectors as separate ones: another encoder made those of the personas.
-- reads: search_vectors_own   writes: view search_vectors, comments on search_vectors_own
create or replace view search_vectors as select doc_id, vector from search_vectors_own;
comment on view search_vectors is 'The static encoder''s vector of each kept document, for similar_tweets';
comment on column search_vectors.doc_id is 'The document';
comment on column search_vectors.vector is 'Unit vector of its text';
comment on table search_vectors_own is 'The static encoder''s vectors, where another made those of the personas';
comment on column search_vectors_own.doc_id is 'The document';
comment on column search_vectors_own.vector is 'Unit vector of its text';
