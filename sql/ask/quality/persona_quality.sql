-- Tell how good each persona is, and what that comes to.
-- reads: persona_quality, personas   writes: nothing
select p.name, q.*
from persona_quality as q join personas as p using (persona_id)
order by q.persona_id
