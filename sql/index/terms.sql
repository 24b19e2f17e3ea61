-- Select every keyword with its number of documents.
-- reads: terms   writes: nothing
select term, n_documents from terms order by term_id;
