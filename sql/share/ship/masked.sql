-- Update the texts with their masked versions.
-- reads: incoming   writes: documents
create or replace temp table masked as select doc_id, text from incoming;
update documents set text = m.text, text_hash = md5(m.text)::uuid from masked as m where m.doc_id = documents.doc_id;
drop table masked;
