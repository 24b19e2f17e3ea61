-- Gather every kept document with its persona and local time.
-- reads: documents, assignments, $timezone   writes: members (temporary)
create or replace temp table members as
select
    a.doc_id, a.persona_id, a.is_core, a.distance, d.author, d.text, d.created_at,
    d.created_at at time zone 'UTC' at time zone $timezone as local_time,
    -- What terms are counted in: a text of a novel's length has as many n-grams as a thousand posts.
    left(d.text, s.most) as opening
from assignments as a
join documents as d using (doc_id)
cross join (select greatest(2000, least(50000, 200000000 // greatest(count(*), 1))) as most from assignments) as s
where a.persona_id is not null
order by a.doc_id;
