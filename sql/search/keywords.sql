-- Select the keywords of a text.
-- reads: keywords(), $query   writes: nothing
select keywords($query)
