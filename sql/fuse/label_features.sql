-- Select each kept document's labels as numbers: one-hot and scores, by document, dimension and place of the label.
-- reads: labels, label_scores   writes: nothing
select
    s.dimension || ' ' || s.label as feature,
    list((l.label = s.label)::integer::double order by s.doc_id) as chosen,
    list(s.score order by s.doc_id) as score
from label_scores as s
join labels as l using (doc_id, dimension)
group by s.dimension, s.label
order by s.dimension, min(s.position), s.label
