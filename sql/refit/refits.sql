-- Create the table of each document's group in refits on draws, and in a grouping by text alone.
-- reads: incoming   writes: refits
create or replace table refits as
select refit::integer as refit, space, doc_id, refit_label::integer as refit_label, drawn, margin
from incoming
order by refit, doc_id;
comment on table refits is 'Groupings of seeded draws of the fitted documents (at most evaluate.max_documents), from which stability and confidence are read, and one by text alone; no rows where evaluate.refits is 0';
comment on column refits.refit is 'Number of the grouping, from 0';
comment on column refits.space is 'fused: text and behaviour, as the build groups; text: text alone';
comment on column refits.doc_id is 'The document';
comment on column refits.refit_label is 'Its group in this grouping; numbers mean nothing beyond it';
comment on column refits.drawn is 'True if the grouping was fitted on it; if not, it is in the nearest group';
comment on column refits.margin is 'Relative distance to the runner-up in the fused space, 0 to 1: 0 on the boundary';
