-- List the granularity levels that were measured, in order.
-- reads: granularity_levels   writes: nothing
select * exclude (null_ari), null_ari as "null" from granularity_levels order by setting
