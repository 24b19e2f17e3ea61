-- Select the labels of every kept document, by dimension in the requested order.
-- reads: labels   writes: nothing
with places as (select dimension, min(rowid) as place from labels group by dimension)
select l.dimension, l.doc_id, l.label, l.confidence
from labels as l
join places as p using (dimension)
order by p.place, l.doc_id
