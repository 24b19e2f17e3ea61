-- List the claims about a persona, or all, with their figures.
-- reads: claims, $persona   writes: nothing
select claim_id, persona_id, place, kind, subject, sentence, sql, value, baseline, n, doc_ids
from claims
where $persona is null or persona_id = $persona
order by persona_id, substring(claim_id, strpos(claim_id, 'c') + 1)::integer
