-- Count the labels of all documents, by dimension in the requested order.
-- reads: labels   writes: nothing
with places as (select dimension, min(rowid) as place from labels group by dimension)
select
    l.dimension, l.label, count(*) as n,
    count(*) / sum(count(*)) over (partition by l.dimension) as share, avg(l.confidence) as confidence
from labels as l
join places as p using (dimension)
group by p.place, l.dimension, l.label
order by p.place, n desc, l.label
