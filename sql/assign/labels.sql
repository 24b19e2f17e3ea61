-- Select the clustering label of every kept document, -1 for noise and unseen ones, with a flag for noise.
-- reads: reduced, raw_labels   writes: nothing
select
    coalesce(l.raw_label, -1)::bigint as raw_label,
    l.doc_id is not null and l.raw_label is null as noise
from reduced as r
left join raw_labels as l using (doc_id)
order by r.doc_id;
