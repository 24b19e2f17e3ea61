-- Select the points of the map: all kept documents, or a seeded sample.
-- reads: documents, assignments, layout, raw_labels, $most, $seed   writes: nothing
select
    d.doc_id, d.tweet_id, l.x, l.y, d.text, a.persona_id,
    r.doc_id is not null and r.raw_label is null as is_noise
from documents as d
join assignments as a using (doc_id)
join layout as l using (doc_id)
left join raw_labels as r using (doc_id)
qualify row_number() over (order by md5($seed::varchar || ':' || d.doc_id)) <= $most
order by d.doc_id
