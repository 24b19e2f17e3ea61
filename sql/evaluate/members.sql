-- Give every kept document's persona and distances, in order of their ids.
-- reads: assignments   writes: nothing
select persona_id, is_core, distance, runner_up_distance, confidence from assignments order by doc_id;
