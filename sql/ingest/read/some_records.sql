-- Select some records, as JSON texts in their order.
-- reads: records, $first, $last   writes: nothing
select json from records where rowid between $first and $last order by rowid;
