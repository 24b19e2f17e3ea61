-- Compute the 24 hours and seven days of every persona, and those of the other personas.
-- reads: members   writes: persona_hours, persona_weekdays
create or replace table persona_hours as
with counted as (
    select p.persona_id, h.hour, count(m.doc_id) as n
    from (select distinct persona_id from members) as p
    cross join (select unnest(range(24)) as hour) as h
    left join members as m on m.persona_id = p.persona_id and hour(m.clock_time) = h.hour
    group by p.persona_id, h.hour
),
summed as (
    select
        persona_id, hour, n,
        sum(n) over (partition by persona_id) as own, sum(n) over (partition by hour) as at_hour, sum(n) over () as total
    from counted
)
select
    persona_id, hour::integer as hour, n, n / nullif(own, 0) as share,
    (at_hour - n) / nullif(total - own, 0) as baseline_share
from summed
order by persona_id, hour;
comment on table persona_hours is 'Posts of each persona by hour of the day, over all its members';
comment on column persona_hours.persona_id is 'The persona';
comment on column persona_hours.hour is 'Hour of the day, 0 to 23, in the build''s time zone';
comment on column persona_hours.n is 'Its posts in that hour';
comment on column persona_hours.share is 'n / its posts whose hours are known';
comment on column persona_hours.baseline_share is 'The same share among all other personas';

create or replace table persona_weekdays as
with counted as (
    select p.persona_id, d.weekday, count(m.doc_id) as n
    from (select distinct persona_id from members) as p
    cross join (select unnest(range(1, 8)) as weekday) as d
    left join members as m on m.persona_id = p.persona_id and isodow(m.local_time) = d.weekday
    group by p.persona_id, d.weekday
),
summed as (
    select
        persona_id, weekday, n,
        sum(n) over (partition by persona_id) as own, sum(n) over (partition by weekday) as on_day, sum(n) over () as total
    from counted
)
select
    persona_id, weekday::integer as weekday, n, n / nullif(own, 0) as share,
    (on_day - n) / nullif(total - own, 0) as baseline_share
from summed
order by persona_id, weekday;
comment on table persona_weekdays is 'On which days each persona posts, all its members';
comment on column persona_weekdays.persona_id is 'The persona';
comment on column persona_weekdays.weekday is '1 is Monday, 7 is Sunday, in the build''s time zone';
comment on column persona_weekdays.n is 'Its posts on that day';
comment on column persona_weekdays.share is 'n / its posts that have a time';
comment on column persona_weekdays.baseline_share is 'The same share among all other personas';
