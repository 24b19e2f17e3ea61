-- Create the table of the labels of the clustering; noise is NULL.
-- reads: incoming   writes: raw_labels
create or replace table raw_labels as
select doc_id, case when raw_label >= 0 then raw_label::integer end as raw_label
from incoming
order by doc_id;
