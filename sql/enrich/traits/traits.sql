-- Insert the behaviour of every persona against the others, each trait with its test.
-- reads: trait_sums, incoming   writes: persona_traits
create or replace table persona_traits as
with measured as (
    select
        test, persona_id, feature, is_share, n::bigint as n, n_authors,
        s / 1e6 / n as mean,
        s_others / 1e6 / nullif(others, 0) as baseline_mean,
        sqrt(greatest((q + q_others) / 1e6 / (n + others) - pow((s + s_others) / 1e6 / (n + others), 2), 0)) as deviation
    from trait_sums
)
select
    m.persona_id, m.feature, m.is_share, m.n, m.n_authors, m.mean, m.baseline_mean, m.deviation,
    case when m.deviation > 1e-9 then (m.mean - m.baseline_mean) / m.deviation end as difference,
    case when m.deviation > 1e-9 then i.low / m.deviation end as difference_low,
    case when m.deviation > 1e-9 then i.high / m.deviation end as difference_high,
    i.lift, i.lift_low, i.lift_high, i.p, i.q
from measured as m
join incoming as i using (test)
order by m.persona_id, m.feature;
comment on table persona_traits is 'Behaviour of each persona against the others: one row per persona and feature, over all its members';
comment on column persona_traits.persona_id is 'The persona';
comment on column persona_traits.feature is 'A column of behaviour, or hours=, weekday= or lang= with what it is';
comment on column persona_traits.is_share is 'True if the mean is a share of its members';
comment on column persona_traits.n is 'Members for which it is known';
comment on column persona_traits.n_authors is 'Different authors of its members; of hours, weekdays and languages of those members that have it';
comment on column persona_traits.mean is 'Mean of the persona';
comment on column persona_traits.baseline_mean is 'Mean of all other personas';
comment on column persona_traits.deviation is 'Standard deviation over all personas';
comment on column persona_traits.difference is '(mean - baseline_mean) / deviation';
comment on column persona_traits.difference_low is 'Lower end of its 95 % interval (Welch)';
comment on column persona_traits.difference_high is 'Upper end';
comment on column persona_traits.lift is 'Of a share: mean / baseline_mean, half a document added on either side';
comment on column persona_traits.lift_low is 'Lower end of its 95 % interval (Katz et al. 1978)';
comment on column persona_traits.lift_high is 'Upper end';
comment on column persona_traits.p is 'Two-sided: of a share Fisher''s exact test, else Welch''s t-test; documents count, whoever wrote them';
comment on column persona_traits.q is 'p corrected for all traits of the persona (Benjamini & Hochberg 1995)';
