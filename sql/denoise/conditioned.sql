-- Select every document with the source's other columns, for the condition of the setting where.
-- reads: documents, document_extras   writes: nothing
select d.* exclude (source_place, text_hash), e.* exclude (doc_id)
from documents as d
left join document_extras as e using (doc_id);
