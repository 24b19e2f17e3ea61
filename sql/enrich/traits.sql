-- Compare every persona's behaviour with that of the others.
-- reads: behaviour, assignments   writes: persona_traits
create or replace table persona_traits as
with felt as (
    unpivot (select a.persona_id, b.* exclude (doc_id) from behaviour as b join assignments as a using (doc_id) where a.persona_id is not null)
    on columns(* exclude (persona_id)) into name feature value value
),
-- Sums of integers (millionths) are the same in any order; sums of floats are not.
summed as (
    select
        persona_id, feature, count(*) as n,
        sum(round(value * 1e6)::hugeint) as s,
        sum(round(value * value * 1e6)::hugeint) as q
    from felt
    group by persona_id, feature
),
against as (
    select
        *,
        sum(n) over (partition by feature) - n as others,
        sum(s) over (partition by feature) - s as s_others,
        sum(n) over (partition by feature) as n_all,
        sum(s) over (partition by feature) as s_all,
        sum(q) over (partition by feature) as q_all
    from summed
),
measured as (
    select
        persona_id, feature, n,
        s / 1e6 / n as mean,
        s_others / 1e6 / nullif(others, 0) as baseline_mean,
        sqrt(greatest(q_all / 1e6 / n_all - pow(s_all / 1e6 / n_all, 2), 0)) as deviation
    from against
)
select
    persona_id, feature, n::bigint as n, mean, baseline_mean, deviation,
    case when deviation > 1e-9 then (mean - baseline_mean) / deviation end as difference
from measured
order by persona_id, feature;
comment on table persona_traits is 'How each persona behaves beside the others: one row a persona and feature, all its members';
comment on column persona_traits.persona_id is 'The persona';
comment on column persona_traits.feature is 'A column of behaviour';
comment on column persona_traits.n is 'Members for which it is known';
comment on column persona_traits.mean is 'Mean of the persona';
comment on column persona_traits.baseline_mean is 'Mean of all other personas';
comment on column persona_traits.deviation is 'Standard deviation over all personas';
comment on column persona_traits.difference is '(mean - baseline_mean) / deviation';
