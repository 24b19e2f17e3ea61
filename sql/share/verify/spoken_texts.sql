-- Take the view apart once instead of once a claim: a temporary table comes before a view of its name.
-- reads: spoken_texts   writes: spoken_texts (temporary)
create or replace temp table spoken_texts as select * from ri.spoken_texts;
