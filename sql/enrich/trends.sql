-- Count every persona's posts by week.
-- reads: members   writes: persona_trends
create or replace table persona_trends as
with weekly as (
    select persona_id, date_trunc('week', local_time)::date as week from members where local_time is not null
),
weeks as (select week, count(*) as total from weekly group by week)
select
    p.persona_id, w.week, count(m.week) as n, w.total, count(m.week) / w.total as share
from (select distinct persona_id from members) as p
cross join weeks as w
left join weekly as m on m.persona_id = p.persona_id and m.week = w.week
group by p.persona_id, w.week, w.total
order by p.persona_id, w.week;
comment on table persona_trends is 'How many posts each persona has in every week in which anybody posts';
comment on column persona_trends.persona_id is 'The persona';
comment on column persona_trends.week is 'Monday of the week, in the build''s time zone';
comment on column persona_trends.n is 'Its posts in that week';
comment on column persona_trends.total is 'Posts of all personas in that week';
comment on column persona_trends.share is 'n / total';
