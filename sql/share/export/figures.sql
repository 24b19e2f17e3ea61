-- Count the kept documents, those with a persona, clustering noise, and those still without a persona.
-- reads: assignments, raw_labels   writes: nothing
select
    count(*) as kept,
    count(a.persona_id) as assigned,
    count(*) filter (where r.raw_label is null) as left_out,
    count(*) filter (where r.raw_label is null and a.persona_id is null) as without_persona
from assignments as a left join raw_labels as r using (doc_id)
