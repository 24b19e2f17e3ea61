-- Count the kept documents, those with a persona, those that the clustering saw, its noise, and the noise left without one.
-- reads: assignments, raw_labels   writes: nothing
select
    count(*) as kept,
    count(a.persona_id) as assigned,
    count(r.doc_id) as seen,
    count(*) filter (where r.doc_id is not null and r.raw_label is null) as noise,
    count(*) filter (where r.doc_id is not null and r.raw_label is null and a.persona_id is null) as noise_left
from assignments as a left join raw_labels as r on r.doc_id = a.doc_id
