-- Select the texts of the kept documents as an encoder reads them.
-- reads: documents, dropped   writes: nothing
select doc_id, normalised(text) as text from documents
where doc_id not in (select doc_id from dropped) order by doc_id;
