-- Rank the personas by cosine similarity of their centroid to the target.
-- reads: personas, target, $limit   writes: nothing
select p.persona_id, p.name as persona_name, array_inner_product(p.centroid, t.vector)::double as score, p.size, p.description
from personas as p
cross join target as t
order by score desc, p.persona_id
limit $limit
