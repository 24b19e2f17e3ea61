-- Select every kept document with its clustering label: -1 is noise; unseen ones have their persona.
-- reads: documents, assignments, raw_labels, layout   writes: nothing
select
    d.doc_id, d.tweet_id, d.text,
    (case when r.doc_id is null then a.persona_id else coalesce(r.raw_label, -1) end)::integer as cluster_id,
    a.persona_id, l.x, l.y
from documents as d
join assignments as a using (doc_id)
left join raw_labels as r using (doc_id)
left join layout as l using (doc_id)
order by d.doc_id
