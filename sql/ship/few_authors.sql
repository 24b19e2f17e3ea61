-- Find the personas of too few authors.
-- reads: personas, $k   writes: nothing
select persona_id from personas where coalesce(n_authors, 0) < $k order by persona_id;
