-- Give every text that is left.
-- reads: documents   writes: nothing
select doc_id, text from documents order by doc_id;
