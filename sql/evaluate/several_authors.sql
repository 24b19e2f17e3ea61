-- Check whether more than one account wrote the documents that have a persona.
-- reads: documents, assignments   writes: nothing
select count(distinct d.author) > 1
from assignments as a
join documents as d using (doc_id)
where a.persona_id is not null;
