-- Select a market: the posts with one of some terms, by persona, and the share of each.
-- reads: tweets, $terms   writes: nothing
-- $terms: india,upi,rupee | terms of the market, by commas
with asked as (
    select string_agg(regexp_escape(term), '|') as terms
    from (select lower(trim(unnest(string_split($terms, ',')))) as term)
    where term <> ''
),
marked as (
    select persona_id, persona_name, author, like_count,
        regexp_matches(lower(text), '(^|[^\p{L}\p{N}])(' || terms || ')([^\p{L}\p{N}]|$)') as inside
    from tweets, asked
)
select
    persona_id, persona_name,
    count(*) filter (inside) as posts,
    count(distinct author) filter (inside) as authors,
    round(count(*) filter (inside) / count(*), 4) as share_of_persona,
    round(count(*) filter (inside) / nullif(sum(count(*) filter (inside)) over (), 0), 4) as share_of_market,
    round(avg(like_count) filter (inside), 1) as likes
from marked
group by persona_id, persona_name
order by posts desc, persona_id
