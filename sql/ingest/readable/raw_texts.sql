-- Insert the raw texts of the documents whose text was changed; drop the tables that found them.
-- reads: documents, raw_staged   writes: raw_texts
insert into raw_texts
select d.doc_id, r.text
from raw_staged as r
join documents as d on d.source_place = r.source_no || ':' || r.row_no
order by d.doc_id;
drop table suspects;
drop table readable;
drop table raw_staged;
