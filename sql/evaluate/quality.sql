-- Insert the overall quality figures.
-- reads: incoming   writes: quality
insert into quality select metric, value, definition from incoming order by position;
