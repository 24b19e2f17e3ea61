-- Count the rows, documents and other figures of ingest.
-- reads: documents, replies, rejects   writes: nothing
select
    (select count(*) from documents) as documents,
    (select count(*) from replies) as replies,
    (select count(*) from rejects) as rejects;
