-- Find the sources whose ids a spreadsheet rounded.
-- reads: staged, staged_replies   writes: damaged (temporary)
-- Rounded are those in scientific notation, or with zeros alone after the fifteenth digit, as one true id of 18 digits
-- in a thousand has; or all are multiples of 64, as every double above 2^58 is and 70 to 78 % of Twitter's own ids are
-- (their last bits count within a millisecond), and not of 2^22, as made from times alone they would be.
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
        count(*) filter (try_cast(id as hugeint) >= 288230376151711744) as large,
        count(*) filter (try_cast(id as hugeint) >= 288230376151711744 and try_cast(id as hugeint) % 64 = 0) as even,
        count(*) filter (try_cast(id as hugeint) >= 288230376151711744 and try_cast(id as hugeint) % 4194304 = 0) as timed,
        count(*) as n
    from ids
    group by source_no
)
select source_no, case when scientific + rounded > 0 then scientific + rounded else even end as n from counted
where scientific >= 1 and 2 * scientific >= n or rounded >= 10 and 2 * rounded >= long
    or large >= 50 and even = large and timed < large;
