-- Collect the inputs of all behaviour families: one row a document, its local time, its words.
-- reads: documents, $timezone   writes: posts (temporary)
create or replace temp table posts as
select
    doc_id,
    tweet_id,
    author,
    created_at,
    has_hours,
    -- A date alone has no zone that could move it to another day.
    case when has_hours then created_at at time zone 'UTC' at time zone $timezone else created_at end as local_time,
    case when has_hours then created_at at time zone 'UTC' at time zone $timezone end as clock_time,
    in_reply_to,
    like_count, retweet_count, reply_count, quote_count,
    normalised(text) as text,
    word_count(normalised(text)) as words,
    list_transform(mention_list(text), lambda m: lower(m)) as mentions
from documents;
