-- Insert the scores of one label.
-- reads: incoming   writes: label_scores
insert into label_scores select doc_id, dimension, label, position, score, probability from incoming order by doc_id;
