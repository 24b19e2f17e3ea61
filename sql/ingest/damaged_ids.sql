-- Find the sources whose ids a spreadsheet rounded.
-- reads: staged, staged_replies   writes: damaged (temporary)
-- Rounded are those in scientific notation, or with zeros alone after the fifteenth digit, as one true id of 18 digits
-- in a thousand has.
create or replace temp table damaged as
with ids as (
    select source_no, regexp_replace(trim(tweet_id), '\.0+$', '') as id from staged where tweet_id is not null
    union all
    select source_no, regexp_replace(trim(coalesce(tweet_id, in_reply_to)), '\.0+$', '') from staged_replies
    where coalesce(tweet_id, in_reply_to) is not null
),
counted as (
    select
        source_no,
        count(*) filter (regexp_full_match(id, '\d+(\.\d+)?[eE]\+?\d+')) as scientific,
        count(*) filter (regexp_full_match(id, '\d{16,19}')) as long,
        count(*) filter (regexp_full_match(id, '\d{15}0{1,4}')) as rounded,
        count(*) as n
    from ids
    group by source_no
)
select source_no, scientific + rounded as n from counted
where scientific >= 1 and 2 * scientific >= n or rounded >= 10 and 2 * rounded >= long;
