-- List the overall quality figures, with their definitions.
-- reads: quality   writes: nothing
select metric, value, definition from quality
