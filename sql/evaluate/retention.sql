-- Compute the share of documents that were kept.
-- reads: documents, dropped   writes: nothing
select 1 - (select count(*) from dropped) / count(*) from documents;
