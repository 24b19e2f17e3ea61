-- Which personas grow: posts a week as a share of all, and the growth of that share a week with its 95 % interval.
-- reads: tweets, $weeks   writes: nothing
-- $weeks: 12 | how many of the last weeks to look at
with weekly as (
    select persona_id, persona_name, date_trunc('week', created_at) as week, count(*) as n
    from tweets where created_at is not null group by all
),
recent as (
    select distinct week from weekly order by week desc limit $weeks::integer
),
full_grid as (
    select p.persona_id, p.persona_name, r.week, coalesce(w.n, 0) as n,
        sum(coalesce(w.n, 0)) over (partition by r.week) as all_then
    from (select distinct persona_id, persona_name from weekly) as p
    cross join recent as r
    left join weekly as w on w.persona_id = p.persona_id and w.week = r.week
),
-- A straight line through the logarithm of the share; half a post is added so that a week without posts has one.
points as (
    select persona_id, persona_name, n, ln((n + 0.5) / (all_then + 1)) as y,
        (epoch(week) - min(epoch(week)) over ()) / 604800 as x
    from full_grid where all_then > 0
),
fitted as (
    select persona_id, persona_name, count(*) as weeks, sum(n) as posts, regr_slope(y, x) as slope,
        sqrt(greatest(regr_syy(y, x) - regr_slope(y, x) * regr_sxy(y, x), 0)
            / nullif((count(*) - 2) * regr_sxx(y, x), 0)) as error
    from points group by all having count(*) >= 4
)
select
    persona_id, persona_name, weeks, posts,
    round(exp(slope) - 1, 4) as growth_a_week,
    round(exp(slope - 1.96 * error) - 1, 4) as low,
    round(exp(slope + 1.96 * error) - 1, 4) as high,
    slope - 1.96 * error > 0 as grows_for_sure
from fitted
order by slope desc, persona_id
