-- Select the coordinates of a document, of a persona's centre, and of another's.
-- reads: reduced, persona_centres, $doc_id, $persona, $runner_up   writes: nothing
select vector from (
    select 0 as place, vector from reduced where doc_id = $doc_id
    union all
    select 1, vector from persona_centres where persona_id = $persona
    union all
    select 2, vector from persona_centres where persona_id = $runner_up
)
order by place
