-- Create the table of the columns that have no role of their own, by document.
-- reads: documents, staged_extras   writes: document_extras
create or replace table document_extras as
select d.doc_id, e.* exclude (source_no, row_no)
from staged_extras as e
join documents as d on d.source_place = e.source_no || ':' || e.row_no
order by d.doc_id;
