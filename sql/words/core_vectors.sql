-- Give the search vectors of the core members, in order of their ids.
-- reads: search_vectors, assignments   writes: nothing
select vector from search_vectors where doc_id in (select doc_id from assignments where is_core) order by doc_id;
