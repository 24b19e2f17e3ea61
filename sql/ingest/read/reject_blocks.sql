-- Set aside the headers of a text file that have no description below them.
-- reads: incoming   writes: unreadable (temporary)
insert into unreadable
select place, 'nothing below the header' from incoming;
