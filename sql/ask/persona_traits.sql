-- Tell how the personas behave beside the others, the strongest difference first.
-- reads: persona_traits   writes: nothing
select persona_id, feature, n, mean, baseline_mean, difference
from persona_traits where difference is not null
order by persona_id, abs(difference) desc, feature
