-- Keep the figures of the whole.
-- reads: incoming   writes: quality
insert into quality select metric, value, definition from incoming order by position;
