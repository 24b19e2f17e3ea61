-- Count the documents that pass.
-- reads: passing   writes: nothing
select count(*) from temp.passing
