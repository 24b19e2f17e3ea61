-- Create the view of label counts per persona and dimension.
-- reads: labels, assignments   writes: views persona_labels
create or replace view persona_labels as
select
    a.persona_id, l.dimension, l.label, count(*) as n,
    count(*) / sum(count(*)) over (partition by a.persona_id, l.dimension) as share,
    avg(l.confidence) as confidence
from labels as l
join assignments as a using (doc_id)
where a.persona_id is not null
group by a.persona_id, l.dimension, l.label;
comment on view persona_labels is 'Number of documents of each persona with each label; empty without labels';
comment on column persona_labels.persona_id is 'The persona';
comment on column persona_labels.dimension is 'Dimension of the label';
comment on column persona_labels.label is 'The label, or unsure';
comment on column persona_labels.n is 'Documents of the persona with it';
comment on column persona_labels.share is 'Of its documents';
comment on column persona_labels.confidence is 'Mean confidence';
