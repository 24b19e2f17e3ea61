-- List the behaviour of the personas against the others, the strongest difference first.
-- reads: persona_traits   writes: nothing
select
    persona_id, feature, n, n_authors, mean, baseline_mean, difference, difference_low, difference_high, lift, lift_low, lift_high,
    p, q
from persona_traits where difference is not null
order by persona_id, abs(difference) desc, feature
