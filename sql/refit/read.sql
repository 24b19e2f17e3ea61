-- Select the refits in order, each document by its place among the kept ones.
-- reads: refits, reduced   writes: nothing
with placed as (select doc_id, row_number() over (order by doc_id) - 1 as place from reduced)
select r.refit, r.space = 'text' as by_text, p.place, r.refit_label, r.drawn, r.margin
from refits as r
join placed as p using (doc_id)
order by r.refit, p.place;
