-- Count the labels of one persona, by dimension in the requested order.
-- reads: labels, persona_labels, $persona   writes: nothing
with places as (select dimension, min(rowid) as place from labels group by dimension)
select l.dimension, l.label, l.n, l.share
from persona_labels as l
join places as p using (dimension)
where l.persona_id = $persona
order by p.place, l.n desc, l.label
