-- Compute the interaction of a post with others: replies, mentions, reactions, threads.
-- reads: posts, threads, documents, replies   writes: interaction (temporary)
create or replace temp table parents as
select id, min(created_at) as created_at
from (
    select tweet_id as id, created_at from documents where has_hours
    union all
    select tweet_id, created_at from replies where doc_id is null
)
group by id;

create or replace temp table interaction as
select
    p.doc_id,
    (p.in_reply_to is not null)::double as is_reply,
    starts_with(p.text, '@')::double as starts_with_mention,
    len(p.mentions)::double as mention_count,
    len(p.mentions) / greatest(p.words, 1) as mention_density,
    p.reply_count::double as reply_count,
    p.like_count::double as like_count,
    p.retweet_count::double as retweet_count,
    p.quote_count::double as quote_count,
    coalesce(t.depth, 0)::double as thread_depth,
    coalesce(t.size, 1)::double as thread_size,
    (coalesce(t.depth, 0) = 0 and coalesce(t.size, 1) > 1)::double as is_thread_root,
    case
        when p.has_hours and a.created_at <= p.created_at then date_diff('second', a.created_at, p.created_at) / 60.0
    end as reply_latency_minutes
from posts as p
left join threads as t on t.id = p.tweet_id
left join parents as a on a.id = p.in_reply_to;
