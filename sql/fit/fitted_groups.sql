-- Count the groups that the fit found.
-- reads: raw_labels   writes: nothing
select count(distinct raw_label) from raw_labels;
