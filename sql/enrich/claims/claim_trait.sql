-- Compute the persona's mean of this feature, and that of the others, from sums in millionths.
-- reads: behaviour, assignments, $persona, $feature   writes: nothing
select
    sum(millionths) filter (where own) / 1e6 / count(*) filter (where own) as value,
    sum(millionths) filter (where not own) / 1e6 / nullif(count(*) filter (where not own), 0) as baseline,
    count(*) filter (where own) as n
from (
    select a.persona_id = $persona as own, round(f.value * 1e6)::hugeint as millionths
    from (unpivot behaviour on columns(* exclude (doc_id)) into name feature value value) as f
    join assignments as a using (doc_id)
    where f.feature = $feature
)
