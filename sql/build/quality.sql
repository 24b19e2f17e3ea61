-- List the overall quality figures.
-- reads: quality   writes: nothing
select metric, value from quality;
