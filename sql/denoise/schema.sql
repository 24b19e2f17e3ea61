-- Create the tables that denoise writes.
-- reads: nothing   writes: dropped, funnel
create or replace table dropped (
    doc_id bigint, reason varchar, kept_doc_id bigint, similarity double, twin_doc_id bigint
);
comment on table dropped is 'Documents left out, with the reason; never deleted';
comment on column dropped.doc_id is 'The document left out';
comment on column dropped.reason is 'where (the setting denoise.where), exact_duplicate, near_duplicate, retweet, too_short or template: the first that holds, in this order';
comment on column dropped.kept_doc_id is 'The kept document with the same text, through duplicates that were dropped themselves; NULL if none was kept';
comment on column dropped.similarity is 'Cosine similarity to twin_doc_id; NULL where no vectors were compared';
comment on column dropped.twin_doc_id is 'The earlier document that it repeats, kept or not; NULL where there is none';

create or replace table funnel (
    step_no integer, step varchar, input bigint, dropped bigint, output bigint, retention double
);
comment on table funnel is 'Documents before and after each step of the cleaning';
comment on column funnel.step_no is 'Order of the steps, from 1';
comment on column funnel.step is 'The reason that the step looks for';
comment on column funnel.input is 'Documents before the step';
comment on column funnel.dropped is 'Documents that the step left out';
comment on column funnel.output is 'Documents after the step';
comment on column funnel.retention is 'output / input, 0 to 1';
