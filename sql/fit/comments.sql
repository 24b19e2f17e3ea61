-- Describe the tables that fit writes.
-- reads: nothing   writes: raw_labels, reduced
comment on table raw_labels is 'Labels of the clustering for the documents that it was fitted on';
comment on column raw_labels.doc_id is 'The document';
comment on column raw_labels.raw_label is 'Number of the group, the largest first; NULL is noise';
comment on table reduced is 'Coordinates of every kept document in the space where distance to a persona is measured';
comment on column reduced.doc_id is 'The document';
comment on column reduced.vector is 'Coordinates after reduction';
