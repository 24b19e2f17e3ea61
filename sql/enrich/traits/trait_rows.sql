-- Select the traits, the strongest first.
-- reads: persona_traits   writes: nothing
select persona_id, feature, mean, baseline_mean, difference, n, coalesce(q, 1) as q
from persona_traits
where difference is not null
order by persona_id, abs(difference) desc, feature;
