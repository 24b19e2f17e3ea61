-- Tell the figures of the whole, with their definitions.
-- reads: quality   writes: nothing
select metric, value, definition from quality
