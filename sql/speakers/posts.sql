-- Count the signs of each document; a retweet repeats another's words, which are no sign of who retweets.
-- reads: documents, $desk, $own, $we, $signature, $advert   writes: speaker_posts (temporary)
create or replace temp table speaker_posts as
with texts as (
    select
        doc_id, coalesce(nullif(author, ''), 'd' || doc_id) as account, author, in_reply_to, text,
        lower(replace(text, '’', '''')) as lowered, coalesce(is_repost, false) or regexp_matches(text, '(?i)^\s*rt\b') as repeated
    from documents
)
select
    doc_id, account, nullif(author, '') as author, repeated,
    case when repeated then 0 else least(len(regexp_extract_all(lowered, $desk)), 3) end as desk,
    (not repeated and regexp_matches(lowered, $own))::integer as own,
    (not repeated and regexp_matches(lowered, $we))::integer as we,
    (not repeated and regexp_matches(text, $signature))::integer as signed,
    (not repeated and (in_reply_to is not null or regexp_matches(lowered, '^[^\p{L}\p{N}@]*@')))::integer as reply,
    regexp_matches(lowered, 'https?:|\bwww\.|\bhttp\b')::integer as link,
    (len(regexp_extract_all(lowered, '\$[a-z]{1,6}\b')) >= 3)::integer as cashtags,
    (len(regexp_extract_all(lowered, '#\w')) >= 3)::integer as hashtags,
    regexp_matches(lowered, $advert)::integer as advert,
    -- Whom it addresses: a conversation of many accounts addresses nobody.
    case when len(mention_list(lowered)) <= 3 then mention_list(lowered) else [] end as addressed,
    string_split(trim(regexp_replace(regexp_replace(lowered, 'https?:\S*|[@#$]\s?\w+', ' ', 'g'), '[^\p{L}\p{M}]+', ' ', 'g')), ' ') as words
from texts;
