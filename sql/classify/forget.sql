-- Delete the labels of the dimensions that are written anew.
-- reads: incoming   writes: labels, label_scores
delete from labels where dimension in (select dimension from incoming);
delete from label_scores where dimension in (select dimension from incoming);
