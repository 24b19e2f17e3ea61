-- Check whether the personas are in the fused space itself, and not in a reduction of it.
-- reads: build   writes: nothing
select json_extract_string(config, '$.fit.reduction') = 'none' from build order by rowid desc limit 1
