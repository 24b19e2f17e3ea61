-- Insert the rows of a source that could not be parsed, with their place.
-- reads: unreadable, $source   writes: rejects
insert into rejects
select $source, place, reason from unreadable;
