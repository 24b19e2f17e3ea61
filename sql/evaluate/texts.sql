-- Draw documents with their persona and language, the same for the same seed.
-- reads: documents, assignments, $most, $seed   writes: nothing
select a.persona_id::bigint as persona_id, d.text, nullif(nullif(lower(d.lang), 'und'), '') as lang
from assignments as a
join documents as d using (doc_id)
where a.persona_id is not null
qualify row_number() over (order by md5($seed::varchar || ':' || a.doc_id), a.doc_id) <= $most
order by a.doc_id;
