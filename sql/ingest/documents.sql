-- Insert every row that has a text as a document with a dense id, its values parsed.
-- reads: staged, written_times, $snowflakes, $source_files   writes: documents
insert into documents
with kept as (
    select
        row_number() over (order by source_no, row_no) - 1 as doc_id,
        source_no, row_no, id_of(tweet_id) as source_id, text, time_of(created_at, source_no) as created_at,
        not lacks_hours(created_at) as has_hours,
        lang, author,
        id_of(in_reply_to) as in_reply_to, like_count, retweet_count, reply_count, quote_count, is_repost
    from staged
    where text is not null and not blank(text)
)
select
    doc_id,
    source_id,
    coalesce(source_id, 'd' || doc_id),
    text,
    md5(normalised(text))::uuid,
    name_of(author),
    coalesce(dated(created_at), case when $snowflakes then snowflake_time(source_id) end),
    case
        when dated(created_at) is not null then has_hours
        when $snowflakes and snowflake_time(source_id) is not null then true
    end,
    nullif(trim(lang), ''),
    in_reply_to,
    count_of(like_count),
    count_of(retweet_count),
    count_of(reply_count),
    count_of(quote_count),
    marks_repost(is_repost),
    $source_files[source_no],
    source_no || ':' || row_no
from kept
order by doc_id;
