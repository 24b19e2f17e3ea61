-- Insert who speaks in each document: what the source says, or the kind of its account with the signs that decided it.
-- reads: speaker_posts (temporary), speaker_accounts (temporary), declared (temporary)   writes: speakers
insert into speakers
with kinds as (
    select
        *,
        case
            when greatest(company, broadcast) <= 0 then 'audience'
            when company > broadcast then 'company'
            when press_account and advert < 0.3 and cashtags < 0.3 then 'press'
            when n >= 20 and (template >= 0.3 or (link >= 0.9 and own < 0.05 and reply < 0.05)) then 'automated'
            when greatest(advert, cashtags) >= 0.25 then 'promotion'
            -- Whoever passes news on, with links and without a word of herself, still belongs to the audience.
            else 'audience'
        end as kind
    from speaker_accounts
),
explained as (
    select
        account, kind, 1 / (1 + exp(-abs(greatest(company, broadcast)))) as score,
        list_filter(case
            when kind = 'audience' then [
                if(own > 0, 'says I or my' || format(' in {:.0f}% of its posts', 100 * own), null),
                if(link = 0, 'links nowhere', null),
                if(reply > 0 and desk_posts = 0, 'answers without a desk''s phrases', null)]
            when kind = 'company' then [
                if(desk_posts > 0, 'a desk''s phrases (DM us, our team, sorry to hear)' || format(' in {:.0f}%', 100 * desk_posts), null),
                if(signed >= 0.1, 'signed by an agent' || format(' in {:.0f}%', 100 * signed), null),
                if(partners > 2, 'answers ' || partners || ' accounts', null),
                if(addressed_by > 2, 'is addressed by ' || addressed_by || ' accounts', null),
                if(desk_account = 1, 'its name is that of a desk', null)]
            else [
                if(link > 0, 'links' || format(' in {:.0f}%', 100 * link), null),
                if(cashtags > 0, 'three or more $tags' || format(' in {:.0f}%', 100 * cashtags), null),
                if(hashtags > 0, 'three or more hashtags' || format(' in {:.0f}%', 100 * hashtags), null),
                if(advert > 0, 'an advert''s phrases' || format(' in {:.0f}%', 100 * advert), null),
                if(n >= 5 and template > 0, 'the same opening or ending' || format(' in {:.0f}%', 100 * template), null),
                if(own = 0, 'never says I', null),
                if(press_account and kind = 'press', 'its name is that of a newsroom', null)]
        end, lambda reason: reason is not null) as reasons
    from kinds
),
stated as (
    select doc_id, arg_min(speaker, rowid) as speaker, arg_min(reason, rowid) as reason from declared group by doc_id
)
select
    p.doc_id, coalesce(s.speaker, t.kind) as speaker, if(s.speaker is null, t.score, 1) as score,
    if(s.speaker is null, t.reasons, [s.reason]) as reasons
from speaker_posts as p
join explained as t using (account)
left join stated as s using (doc_id)
order by p.doc_id;
