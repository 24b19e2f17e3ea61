-- Create the table of every document's vector.
-- reads: documents, cache.vectors   writes: embeddings
create or replace table embeddings as
select d.doc_id, v.vector
from documents as d
join cache.vectors as v using (text_hash)
order by d.doc_id;
