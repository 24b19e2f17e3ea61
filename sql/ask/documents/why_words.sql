-- List the distinctive terms of two personas that a document contains.
-- reads: documents, persona_terms, $doc_id, $persona, $runner_up   writes: nothing
select t.persona_id, t.kind, t.term, t.lift, t.share, t.baseline_share
from persona_terms as t
cross join (select lower(text) as text from documents where doc_id = $doc_id) as d
where t.persona_id in ($persona, $runner_up)
    and t.kind <> 'absent_term'
    and case
        when t.kind in ('emoji', 'domain') then contains(d.text, t.term)
        else contains(
            ' ' || regexp_replace(regexp_replace(replace(d.text, '’', ''''), '''s\b', '', 'g'),
                '[^\p{L}\p{M}\p{N}#@''_-]+', ' ', 'g') || ' ',
            ' ' || t.term || ' ')
    end
order by t.persona_id, t.lift desc, t.term
