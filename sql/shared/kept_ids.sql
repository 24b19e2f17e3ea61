-- Select the ids of the kept documents, in order.
-- reads: documents, dropped   writes: nothing
select doc_id from documents where doc_id not in (select doc_id from dropped) order by doc_id;
