-- Find the personas of too few authors, or mostly of one.
-- reads: personas, $k, $flood   writes: nothing
select persona_id from personas
where coalesce(n_authors, 0) < $k or top_author_share >= $flood
order by persona_id;
