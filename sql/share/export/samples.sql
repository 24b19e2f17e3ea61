-- Draw documents of each persona, the same for the same seed.
-- reads: documents, assignments, $most, $seed   writes: nothing
select a.persona_id, d.tweet_id, d.text
from assignments as a
join documents as d using (doc_id)
where a.persona_id is not null
qualify row_number() over (partition by a.persona_id order by md5($seed::varchar || ':' || d.doc_id), d.doc_id) <= $most
order by a.persona_id, d.doc_id
