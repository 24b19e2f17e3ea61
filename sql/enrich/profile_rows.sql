-- Select the figures for the name and description of each persona.
-- reads: members, persona_hours, persona_weekdays   writes: nothing
with by_author as (
    select persona_id, author, count(*) as n from members group by persona_id, author
),
sized as (
    select
        persona_id, sum(n) as size, sum(n) / (select count(*) from members) as share,
        nullif(count(author), 0) as n_authors,
        max(n) filter (author is not null) / sum(n) as top_author_share
    from by_author group by persona_id
),
peaks as (
    select persona_id, arg_max(hour, n * 100 - hour) as peak_hour, sum(n) as timed
    from persona_hours group by persona_id
),
days as (
    select
        persona_id,
        sum(n) filter (where weekday <= 5) / nullif(sum(n) filter (where weekday > 5), 0) as weekday_weekend_ratio
    from persona_weekdays group by persona_id
)
select
    s.persona_id, s.size::bigint as size, s.share, s.n_authors, s.top_author_share,
    case when p.timed > 0 then p.peak_hour end as peak_hour,
    case when p.timed > 0 then h.share end as peak_share,
    h.baseline_share as peak_baseline, h.n as peak_n,
    d.weekday_weekend_ratio, (select count(*) from members) as total
from sized as s
left join peaks as p using (persona_id)
left join persona_hours as h on h.persona_id = s.persona_id and h.hour = p.peak_hour
left join days as d using (persona_id)
order by s.persona_id;
