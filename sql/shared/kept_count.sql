-- Count the documents that stayed.
-- reads: documents, dropped   writes: nothing
select (select count(*) from documents) - (select count(*) from dropped);
