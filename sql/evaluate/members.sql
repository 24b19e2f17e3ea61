-- Select the persona (-1 for none) and distances of every kept document, in order of their ids.
-- reads: assignments   writes: nothing
select coalesce(persona_id, -1)::bigint as persona_id, is_core, distance, runner_up_distance, confidence
from assignments
order by doc_id;
