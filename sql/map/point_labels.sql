-- Give the labels of the documents, dimension by dimension in the order in which they were asked for.
-- reads: labels   writes: nothing
with places as (select dimension, min(rowid) as place from labels group by dimension)
select l.doc_id, l.dimension, l.label, l.confidence
from labels as l
join places as p using (dimension)
order by p.place, l.doc_id
