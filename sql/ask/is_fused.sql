-- Tell whether the personas lie in the fused space itself, and not in a reduction of it.
-- reads: build   writes: nothing
select json_extract_string(config, '$.fit.reduction') = 'none' from build order by started_at desc, build_id desc limit 1
