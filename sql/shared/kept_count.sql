-- Count the documents that were kept.
-- reads: documents, dropped   writes: nothing
select (select count(*) from documents) - (select count(*) from dropped);
