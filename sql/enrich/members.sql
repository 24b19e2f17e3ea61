-- Collect every kept document with its persona and local time.
-- reads: documents, assignments, $timezone   writes: members (temporary)
create or replace temp table members as
select
    a.doc_id, a.persona_id, a.is_core, a.distance, d.author, d.text, d.created_at,
    case when d.has_hours then d.created_at at time zone 'UTC' at time zone $timezone else d.created_at end as local_time,
    case when d.has_hours then d.created_at at time zone 'UTC' at time zone $timezone end as clock_time
from assignments as a
join documents as d using (doc_id)
where a.persona_id is not null
order by a.doc_id;
