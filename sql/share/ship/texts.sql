-- Select every remaining text.
-- reads: documents   writes: nothing
select doc_id, text from documents order by doc_id;
