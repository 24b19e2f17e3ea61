-- Compute the share of the persona's posts in this hour, and that of the others.
-- reads: documents, assignments, $persona, $hour, $timezone   writes: nothing
select
    count(*) filter (where own and hour = $hour) / count(*) filter (where own) as value,
    count(*) filter (where not own and hour = $hour) / nullif(count(*) filter (where not own), 0) as baseline,
    count(*) filter (where own and hour = $hour) as n
from (
    select a.persona_id = $persona as own, hour(d.created_at at time zone 'UTC' at time zone $timezone) as hour
    from assignments as a
    join documents as d using (doc_id)
    where d.has_hours
)
