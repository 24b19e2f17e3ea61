-- Count the kept documents that the clustering itself left out, as noise or outside its sample.
-- reads: assignments, raw_labels   writes: nothing
select count(*) from assignments as a left join raw_labels as r using (doc_id) where r.raw_label is null;
