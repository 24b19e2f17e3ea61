-- Insert the labels of one dimension.
-- reads: incoming   writes: labels
insert into labels select doc_id, dimension, label, confidence, best_label, engine from incoming order by doc_id;
