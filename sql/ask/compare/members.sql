-- Collect the documents of a persona as group 0 and those of the baseline as group 1.
-- reads: documents, assignments, incoming, $persona, $timezone   writes: members (temporary)
create or replace temp table members as
select
    a.doc_id, (a.persona_id is distinct from $persona)::integer as persona_id, a.is_core, a.distance, d.author, d.text, d.created_at,
    d.created_at at time zone 'UTC' at time zone $timezone as local_time,
    d.created_at at time zone 'UTC' at time zone $timezone as clock_time
from assignments as a
join documents as d using (doc_id)
where a.persona_id = $persona or a.doc_id in (select i.doc_id from incoming as i)
order by a.doc_id;
