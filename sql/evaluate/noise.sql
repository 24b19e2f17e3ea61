-- Count the documents in the clustering, and those that it left as noise.
-- reads: raw_labels   writes: nothing
select count(*), count(*) - count(raw_label) from raw_labels;
