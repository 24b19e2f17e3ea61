-- Weigh the signs of each account: how much it speaks as a desk, and how much it broadcasts.
-- reads: speaker_posts (temporary), speaker_templates (temporary), $desk_account, $press_account   writes: speaker_accounts (temporary)
create or replace temp table speaker_accounts as
with mentioned as (
    select handle, count(distinct account) as n
    from (select account, unnest(addressed) as handle from speaker_posts)
    where lower(account) <> handle
    group by handle
),
figures as (
    select
        account, any_value(author) as author, count(*) as n, avg(link) as link, avg(cashtags) as cashtags,
        avg(hashtags) as hashtags, avg(own) as own, avg(we) as we, avg(desk) as desk, avg((desk > 0)::integer) as desk_posts,
        avg(signed) as signed, avg(reply) as reply, avg(advert) as advert,
        count(distinct addressed[1]) as partners
    from speaker_posts group by account
),
joined as (
    select
        f.*, coalesce(t.n, 0) / f.n as template, coalesce(m.n, 0) as addressed_by,
        regexp_matches(coalesce(f.author, ''), '(?i)' || $desk_account)::integer as desk_account,
        regexp_matches(coalesce(f.author, ''), '(?i)' || $press_account) as press_account
    from figures as f
    left join speaker_templates as t using (account)
    left join mentioned as m on m.handle = lower(f.author)
)
-- The weights are log-odds, set by reading accounts of support threads and market feeds (tests/bench/speakers.py).
select
    *,
    -- Whoever answers many is a desk only with a desk's words; a feed answers its subscribers with links.
    -3.4 + 2.2 * desk + 1.2 * we + 3 * signed * reply - 2.8 * own
        + (0.6 * reply * ln(1 + partners) + 0.5 * ln(1 + addressed_by)) * least(1, 5 * desk_posts)
        + 2 * desk_account - 2 * greatest(0, link - reply) as company,
    -2.6 + 2.3 * link + 1.6 * cashtags + 0.9 * hashtags + 1.4 * advert - 2.6 * own
        - 2.6 * reply * if(n >= 10 and link > 0.9 and own < 0.05, 0.2, 1) - 0.8 * we
        + if(n >= 5, 1.4 * template, 0) + 0.35 * ln(n) * link * (1 - own) as broadcast
from joined;
