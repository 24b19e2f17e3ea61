-- Compare the behaviour of group 0 with group 1, the greatest difference first.
-- reads: trait_sums, incoming   writes: nothing
with measured as (
    select
        t.test, t.feature, t.n::bigint as n, t.n_authors, t.s / 1e6 / t.n as mean,
        t.s_others / 1e6 / nullif(t.others, 0) as baseline_mean,
        sqrt(greatest((t.q + t.q_others) / 1e6 / (t.n + t.others)
            - pow((t.s + t.s_others) / 1e6 / (t.n + t.others), 2), 0)) as deviation
    from trait_sums as t
    where t.persona_id = 0
)
select
    m.feature, m.n, m.n_authors, m.mean, m.baseline_mean,
    (m.mean - m.baseline_mean) / m.deviation as difference,
    i.low / m.deviation as difference_low, i.high / m.deviation as difference_high,
    i.lift, i.lift_low, i.lift_high, i.p, i.q
from measured as m
join incoming as i using (test)
where m.deviation > 1e-9 and m.baseline_mean is not null
order by abs(difference) desc, m.feature;
