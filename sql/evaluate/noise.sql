-- Count the documents that the clustering saw, and those that it left as noise.
-- reads: raw_labels   writes: nothing
select count(*), count(*) - count(raw_label) from raw_labels;
