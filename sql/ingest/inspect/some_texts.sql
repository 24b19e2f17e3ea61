-- Select some texts of one source, spread over all of it.
-- reads: documents, $source_no, $limit   writes: nothing
select text
from documents
where split_part(source_place, ':', 1) = $source_no::varchar
order by hash(doc_id), doc_id
limit $limit
