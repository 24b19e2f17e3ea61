-- Gather the documents of a persona as group 0 and those of the baseline as group 1.
-- reads: documents, assignments, incoming, $persona, $timezone   writes: members (temporary)
create or replace temp table members as
select
    a.doc_id, (a.persona_id is distinct from $persona)::integer as persona_id, a.is_core, a.distance, d.author, d.text, d.created_at,
    d.created_at at time zone 'UTC' at time zone $timezone as local_time,
    left(d.text, s.most) as opening
from assignments as a
join documents as d using (doc_id)
-- What terms are counted in, as the build does (enrich/members.sql).
cross join (select greatest(2000, least(50000, 200000000 // greatest(count(*), 1))) as most from assignments) as s
where a.persona_id = $persona or a.doc_id in (select i.doc_id from incoming as i)
order by a.doc_id;
