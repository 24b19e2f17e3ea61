-- Rank the personas by cosine similarity of their centroid to the target.
-- reads: personas, $target, $limit   writes: nothing
select persona_id, name as persona_name, array_inner_product(centroid, $target)::double as score, size, description
from personas
order by score desc, persona_id
limit $limit
