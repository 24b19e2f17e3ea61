-- List the hours in which the personas post.
-- reads: persona_hours   writes: nothing
select persona_id, hour, n, share, baseline_share from persona_hours order by persona_id, hour
