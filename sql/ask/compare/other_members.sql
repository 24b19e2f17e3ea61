-- Collect the documents of a persona as group 0 and those of another index, renumbered, as group 1.
-- reads: documents, assignments, behaviour, baseline, incoming, $persona, $timezone   writes: members, documents, behaviour (temporary)
create or replace temp table members as
with told as (
    select a.doc_id, 0 as persona_id, a.is_core, a.distance, d.author, d.text, d.created_at
    from ri.assignments as a join ri.documents as d using (doc_id)
    where a.persona_id = $persona
    union all
    select a.doc_id + 1000000000000, 1, a.is_core, a.distance, d.author, d.text, d.created_at
    from baseline.assignments as a join baseline.documents as d using (doc_id)
    where a.doc_id in (select i.doc_id from incoming as i)
)
select *, created_at at time zone 'UTC' at time zone $timezone as local_time, created_at at time zone 'UTC' at time zone $timezone as clock_time
from told order by doc_id;
create or replace temp table documents as
select doc_id, lang from ri.documents union all select doc_id + 1000000000000, lang from baseline.documents;
create or replace temp table behaviour as
select * from ri.behaviour
union all by name
select * replace (doc_id + 1000000000000 as doc_id) from baseline.behaviour;
