-- Mark as dropped the documents that do not meet the given condition.
-- reads: documents, incoming   writes: dropped
insert into dropped (doc_id, reason, twin_doc_id, similarity)
select doc_id, 'where', null, null
from documents
where doc_id not in (select i.doc_id from incoming as i)
order by doc_id;
