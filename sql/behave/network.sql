-- Compute the activity of a post's author in the whole source; NULL where there is no author.
-- reads: posts   writes: network (temporary)
create or replace temp table author_hours as
select author, hour(clock_time) as hour, count(*) as n
from posts
where author is not null and clock_time is not null
group by author, hour;

create or replace temp table author_entropy as
select
    author,
    -- Entropy in bits over ordered terms: the same sum whatever the threads.
    list_sum(list(-(n / total) * log2(n / total) order by hour)) as bits
from (select author, hour, n, sum(n) over (partition by author) as total from author_hours)
group by author;

create or replace temp table author_mentions as
select author, count(distinct mention) as n
from (select author, unnest(mentions) as mention from posts where author is not null)
group by author;

create or replace temp table authors as
select
    author,
    count(*) as tweets,
    min(created_at) as first_at,
    max(created_at) as last_at,
    count(in_reply_to) as answered
from posts
where author is not null
group by author;

create or replace temp table network as
select
    p.doc_id,
    a.tweets::double as author_tweet_count,
    a.tweets / (date_diff('second', a.first_at, a.last_at) / 86400.0 + 1) as author_tweets_per_day,
    a.answered / a.tweets as author_reply_share,
    case when a.author is not null then coalesce(m.n, 0)::double end as author_distinct_mentions,
    e.bits as author_hour_entropy,
    date_diff('second', a.first_at, p.created_at) / 86400.0 as author_age_days
from posts as p
left join authors as a on a.author = p.author
left join author_mentions as m on m.author = p.author
left join author_entropy as e on e.author = p.author;
