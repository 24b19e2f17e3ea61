-- Read every text once in its normal form, which all but the near-duplicates compare.
-- reads: documents   writes: normal (temporary)
create or replace temp table normal as
select doc_id, normalised(text) as text from documents order by doc_id;
