-- Show every document with the source's other columns, for a condition that says which are asked for.
-- reads: documents, document_extras   writes: nothing
select d.* exclude (source_place, text_hash), e.* exclude (doc_id)
from documents as d
left join document_extras as e using (doc_id);
