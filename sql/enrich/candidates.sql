-- Offer each persona's most typical core members as evidence: the nearest to its centroid, long enough to say something.
-- reads: members, embeddings, $most   writes: nothing
with ranked as (
    select
        m.persona_id, m.doc_id, m.author, m.text,
        row_number() over (
            partition by m.persona_id
            order by not m.is_core, length(prose(m.text)) < 40, round(m.distance, 6), m.doc_id
        ) as place
    from members as m
    where m.is_core or m.persona_id not in (select c.persona_id from members as c where c.is_core)
)
select r.persona_id, r.doc_id, coalesce(r.author, 'd' || r.doc_id) as author, r.text, e.vector
from ranked as r
join embeddings as e using (doc_id)
where r.place <= $most
order by r.persona_id, r.place;
