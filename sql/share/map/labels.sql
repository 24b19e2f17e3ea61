-- Compute the middle of each persona on the map, from its core members.
-- reads: personas, assignments, layout   writes: nothing
select p.persona_id, p.name, round(median(l.x), 3) as x, round(median(l.y), 3) as y
from personas as p
join assignments as a on a.persona_id = p.persona_id and a.is_core
join layout as l using (doc_id)
group by p.persona_id, p.name
order by p.persona_id
