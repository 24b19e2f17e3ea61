-- Count the documents of the persona, and all documents.
-- reads: assignments, $persona   writes: nothing
select
    count(*) filter (where persona_id = $persona) as value,
    count(persona_id) as baseline,
    count(*) filter (where persona_id = $persona) as n
from assignments
