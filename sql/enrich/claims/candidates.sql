-- Select each persona's most typical core members with texts long enough to be evidence.
-- reads: members, embeddings, $most   writes: nothing
with placed as (
    select persona_id, doc_id, author, is_core, distance, length(prose(text)) < 40 as short from members as m
    where is_core or persona_id not in (select c.persona_id from members as c where c.is_core)
),
-- Long texts are looked up, not sorted.
ranked as (
    select
        persona_id, doc_id, author,
        row_number() over (partition by persona_id order by not is_core, short, round(distance, 6), doc_id) as place
    from placed
)
select r.persona_id, r.doc_id, coalesce(r.author, 'd' || r.doc_id) as author, m.text, e.vector
from ranked as r
join members as m using (doc_id)
join embeddings as e using (doc_id)
where r.place <= $most
order by r.persona_id, r.place;
