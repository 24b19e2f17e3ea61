-- Drop the table of the texts in their normal form.
-- reads: normal   writes: nothing
drop table normal;
