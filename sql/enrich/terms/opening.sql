-- Say how much of a text terms are counted in: one of a novel's length has as many n-grams as a thousand posts.
-- reads: assignments   writes: opening (temporary)
create or replace temp table opening as
select greatest(2000, least(50000, 200000000 // greatest(count(*), 1))) as most from assignments;
