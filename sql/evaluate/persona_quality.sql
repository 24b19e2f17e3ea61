-- Keep the figures of every persona.
-- reads: incoming   writes: persona_quality
insert into persona_quality
select persona_id, size, core_size, coherence, separation, silhouette, stability
from incoming
order by persona_id;
