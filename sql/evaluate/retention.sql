-- Tell which share of the documents was kept.
-- reads: documents, dropped   writes: nothing
select 1 - (select count(*) from dropped) / count(*) from documents;
