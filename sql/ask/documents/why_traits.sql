-- Select a document's behaviour with the means of two personas.
-- reads: behaviour, persona_traits, $doc_id, $persona, $runner_up   writes: nothing
with felt as (
    unpivot (select * exclude (doc_id) from behaviour where doc_id = $doc_id)
    on columns(*) into name feature value value
)
select f.feature, f.value, o.mean, r.mean as runner_up_mean
from felt as f
left join persona_traits as o on o.feature = f.feature and o.persona_id = $persona
left join persona_traits as r on r.feature = f.feature and r.persona_id = $runner_up
order by f.feature
