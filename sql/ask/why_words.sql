-- Find which of two personas' distinctive terms a document says.
-- reads: documents, persona_terms, $doc_id, $persona, $runner_up   writes: nothing
select t.persona_id, t.kind, t.term, t.lift, t.share, t.baseline_share
from persona_terms as t
cross join (select lower(text) as text from documents where doc_id = $doc_id) as d
where t.persona_id in ($persona, $runner_up)
    and t.kind <> 'absent_term'
    and contains(' ' || regexp_replace(d.text, '[^\p{L}\p{M}\p{N}#@.'']+', ' ', 'g') || ' ', ' ' || t.term || ' ')
order by t.persona_id, t.lift desc, t.term
