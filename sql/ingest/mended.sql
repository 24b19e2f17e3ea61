-- Select the number of cells that were repaired.
-- reads: mended   writes: nothing
select n from mended;
