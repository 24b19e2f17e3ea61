-- Select the first and the last number of the records.
-- reads: records   writes: nothing
select min(rowid), max(rowid) from records;
