-- Select the description of each coordinate of the fused space.
-- reads: axes   writes: nothing
select block, feature, vector from axes order by position
