-- Select the score of every label for every kept document.
-- reads: label_scores   writes: nothing
select doc_id, dimension, label, score, probability from label_scores order by doc_id, dimension, position
