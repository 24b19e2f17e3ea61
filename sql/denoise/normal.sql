-- Create a table of every text in its normal form, which all rules but near-duplicates compare.
-- reads: documents, dropped   writes: normal (temporary)
create or replace temp table normal as
select doc_id, created_at, coalesce(is_repost, false) as is_repost, normalised(text) as text from documents
where doc_id not in (select doc_id from dropped) order by doc_id;
