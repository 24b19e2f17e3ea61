-- Give every kept document's persona, -1 for none, and distances, in order of their ids.
-- reads: assignments   writes: nothing
select coalesce(persona_id, -1)::bigint as persona_id, is_core, distance, runner_up_distance, confidence
from assignments
order by doc_id;
