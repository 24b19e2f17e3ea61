-- Select the search vectors of the kept documents, in order of their ids.
-- reads: search_vectors   writes: nothing
select vector from search_vectors order by doc_id;
