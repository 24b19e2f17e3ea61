-- Compute the length of text in which terms are counted: a novel has as many n-grams as a thousand posts.
-- reads: assignments   writes: opening (temporary)
create or replace temp table opening as
select greatest(2000, least(50000, 200000000 // greatest(count(*), 1))) as most from assignments;
