-- Tell the figures of the whole.
-- reads: quality   writes: nothing
select metric, value from quality;
