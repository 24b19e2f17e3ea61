-- Rank personas by problems: share of posts with a word of trouble, its 95 % interval, share of the others.
-- reads: tweets, $words   writes: nothing
-- $words: problem,issue,broken,refund,scam,fake,late,worst,complaint,cancel,waiting,fail,error,lost | words of trouble, by commas
with asked as (
    select string_agg(regexp_escape(word), '|') as words
    from (select lower(trim(unnest(string_split($words, ',')))) as word)
    where word <> ''
),
said as (
    select persona_id, persona_name,
        regexp_matches(lower(text), '(^|[^\p{L}])(' || words || ')(s|ed|ing)?([^\p{L}]|$)')::integer as pain
    from tweets, asked
),
counted as (
    select persona_id, persona_name, count(*) as posts, sum(pain) as n from said group by all
),
compared as (
    select *, n / posts as p, sum(n) over () - n as n_others, sum(posts) over () - posts as posts_others
    from counted
)
select
    persona_id, persona_name, posts, n as posts_with_trouble, round(p, 4) as share,
    -- Wilson's interval, 95 %.
    round((p + 1.9208 / posts - 1.96 * sqrt(p * (1 - p) / posts + 0.9604 / posts / posts)) / (1 + 3.8416 / posts), 4) as low,
    round((p + 1.9208 / posts + 1.96 * sqrt(p * (1 - p) / posts + 0.9604 / posts / posts)) / (1 + 3.8416 / posts), 4) as high,
    round(n_others / nullif(posts_others, 0), 4) as share_of_others,
    round(p / nullif(n_others / nullif(posts_others, 0), 0), 2) as lift
from compared
order by p desc, persona_id
