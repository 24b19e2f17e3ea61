-- Describe the embeddings.
-- reads: nothing   writes: embeddings
comment on table embeddings is 'The unit vector of every document''s text';
comment on column embeddings.doc_id is 'The document';
comment on column embeddings.vector is 'Unit vector by the encoder that the table build names; all zeros where no token is known';
