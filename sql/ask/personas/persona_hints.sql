-- List the hints for the personas.
-- reads: persona_hints   writes: nothing
select persona_id, kind, rank, hint, grounded_table, grounded_key, claim_id from persona_hints order by persona_id, kind, rank
