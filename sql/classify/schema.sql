-- Create the tables of labels anew.
-- reads: nothing   writes: labels, label_scores
create or replace table labels (
    doc_id bigint, dimension varchar, label varchar, confidence double, best_label varchar, engine varchar
);
comment on table labels is 'Zero-shot labels: one row per kept document and dimension; none without dimensions';
comment on column labels.doc_id is 'The document';
comment on column labels.dimension is 'Dimension, such as seniority';
comment on column labels.label is 'The likeliest label, or unsure where none is likely enough';
comment on column labels.confidence is 'Calibrated probability of best_label, 0 to 1';
comment on column labels.best_label is 'The likeliest label, however unlikely';
comment on column labels.engine is 'Method: embedding or nli';

create or replace table label_scores (
    doc_id bigint, dimension varchar, label varchar, position integer, score double, probability double
);
comment on table label_scores is 'The score of every label for every kept document';
comment on column label_scores.doc_id is 'The document';
comment on column label_scores.dimension is 'Dimension';
comment on column label_scores.label is 'The label';
comment on column label_scores.position is 'Its place in the dimension, from 0';
comment on column label_scores.score is 'Best cosine of its phrasings with words of the text (embedding), or log-odds (nli)';
comment on column label_scores.probability is 'Calibrated probability, 0 to 1; what is missing to 1 is none of them';
