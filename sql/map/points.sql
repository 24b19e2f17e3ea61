-- Give the points of the map: all kept documents, or a seeded sample of so many.
-- reads: documents, assignments, layout, $most, $seed   writes: nothing
select l.x, l.y, d.text, a.persona_id
from documents as d
join assignments as a using (doc_id)
join layout as l using (doc_id)
qualify row_number() over (order by md5($seed::varchar || ':' || d.doc_id)) <= $most
order by d.doc_id
