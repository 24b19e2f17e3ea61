-- Count every persona's posts by week, in every week with posts of any persona.
-- reads: members   writes: weeks (temporary)
create or replace temp table weeks as
with weekly as (
    select persona_id, date_trunc('week', local_time)::date as week from members where local_time is not null
),
counted as (select persona_id, week, count(*) as n from weekly group by persona_id, week),
weeks as (select week, sum(n)::bigint as total from counted group by week)
select
    p.persona_id, w.week, date_diff('day', date '2000-01-03', w.week) // 7 as number, coalesce(c.n, 0) as n, w.total
from (select distinct persona_id from members) as p
cross join weeks as w
left join counted as c on c.persona_id = p.persona_id and c.week = w.week;
