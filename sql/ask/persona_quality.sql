-- Tell how good each persona is.
-- reads: persona_quality, personas   writes: nothing
select q.persona_id, p.name, q.size, q.core_size, q.coherence, q.separation, q.silhouette, q.stability
from persona_quality as q join personas as p using (persona_id)
order by q.persona_id
