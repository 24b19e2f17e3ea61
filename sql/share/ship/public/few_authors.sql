-- Find the personas with too few authors in their core, or mostly of one.
-- reads: personas, documents, assignments, $k, $flood   writes: nothing
select p.persona_id
from personas as p
join assignments as a using (persona_id)
join documents as d using (doc_id)
group by p.persona_id
having count(distinct d.author) filter (a.is_core) < $k or max(p.top_author_share) >= $flood
order by p.persona_id;
