-- Tell what each coordinate of the fused space is.
-- reads: axes   writes: nothing
select block, feature, vector from axes order by position
