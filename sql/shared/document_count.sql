-- Count the documents.
-- reads: documents   writes: nothing
select count(*) from documents;
