-- Tell how many cells were mended.
-- reads: mended   writes: nothing
select n from mended;
