-- List large personas to address in given hours, with their cumulative share of all posts and of those hours.
-- reads: personas, persona_hours, persona_terms, $hours, $min_size   writes: nothing
-- $hours: 9-17 | hours of the campaign, first-last, in the build's time zone
-- $min_size: 1 | smallest persona to address
with span as (
    select
        case when regexp_full_match($hours, '\s*([01]?\d|2[0-3])\s*-\s*([01]?\d|2[0-3])\s*')
            then split_part($hours, '-', 1)::integer
            else error('hours are the first and the last, 0 to 23: 9-17, not ' || $hours) end as first_hour,
        try_cast(split_part($hours, '-', 2) as integer) as last_hour
),
active as (
    select h.persona_id, sum(h.n) as posts_then, sum(h.share) as share_then
    from persona_hours as h, span as s
    where case when s.first_hour <= s.last_hour then h.hour between s.first_hour and s.last_hour
        else h.hour >= s.first_hour or h.hour <= s.last_hour end
    group by h.persona_id
),
words as (
    select persona_id, string_agg(term, ', ' order by rank) as keywords
    from persona_terms where kind = 'term' and rank <= 5 group by persona_id
)
select
    p.persona_id, p.name, p.size, round(p.share, 4) as share,
    round(sum(p.share) over (order by a.posts_then desc, p.persona_id rows unbounded preceding), 4) as reached_together,
    a.posts_then, round(a.share_then, 4) as share_of_its_posts_then,
    round(sum(a.posts_then) over (order by a.posts_then desc, p.persona_id rows unbounded preceding)
        / (select nullif(sum(posts_then), 0) from active), 4) as reached_then,
    p.peak_hour, w.keywords
from personas as p
join active as a using (persona_id)
left join words as w using (persona_id)
where p.size >= $min_size::integer
order by a.posts_then desc, p.persona_id
