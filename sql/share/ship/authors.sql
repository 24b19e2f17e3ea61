-- Count the authors that the source names.
-- reads: documents   writes: nothing
select count(distinct author) from documents;
