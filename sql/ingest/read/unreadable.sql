-- Create the list of the rows of one source that cannot be read.
-- reads: nothing   writes: unreadable (temporary)
create or replace temp table unreadable (place varchar, reason varchar);
