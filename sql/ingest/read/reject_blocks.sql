-- Insert the headers of a text file without a description below them into the unreadable rows.
-- reads: incoming   writes: unreadable (temporary)
insert into unreadable
select place, 'nothing below the header' from incoming;
