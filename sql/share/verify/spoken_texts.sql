-- Create a temporary table in place of the view, which would be evaluated once per claim.
-- reads: spoken_texts   writes: spoken_texts (temporary)
create or replace temp table spoken_texts as select * from ri.spoken_texts;
