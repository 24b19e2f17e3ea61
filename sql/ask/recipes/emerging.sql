-- List growing personas: change of their share of all posts, in points a week, with 95 % interval and q.
-- reads: persona_growth, persona_trends, personas, $weeks   writes: nothing
-- $weeks: 4 | how many of the last weeks the share of late is taken over
with recent as (
    select distinct week from persona_trends order by week desc limit $weeks::integer
),
of_late as (
    select persona_id, sum(n) / nullif(sum(total), 0) as share
    from persona_trends where week in (select r.week from recent as r) group by persona_id
)
select
    g.persona_id, p.name as persona_name, g.trend, g.weeks, g.n as posts,
    round(100 * p.share, 2) as percent, round(100 * l.share, 2) as percent_of_late,
    round(100 * g.slope, 3) as points_a_week, round(100 * g.low, 3) as low, round(100 * g.high, 3) as high,
    round(g.q, 4) as q
from persona_growth as g
join personas as p using (persona_id)
left join of_late as l using (persona_id)
order by g.trend <> 'emerging', g.slope desc nulls last, g.persona_id
