-- Tell at which level a copy was shipped.
-- reads: shipped   writes: nothing
select level from shipped limit 1;
