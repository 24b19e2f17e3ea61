-- Count the coordinates of the fused space that are not text.
-- reads: axes   writes: nothing
select count(*) from axes where block <> 'text';
