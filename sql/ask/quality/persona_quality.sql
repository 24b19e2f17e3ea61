-- List the quality figures and the verdict of each persona.
-- reads: persona_quality, personas   writes: nothing
select p.name, q.*
from persona_quality as q join personas as p using (persona_id)
order by q.persona_id
