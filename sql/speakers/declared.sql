-- Insert what a column of the source says outright about who speaks; nothing if most of its values say nothing.
-- reads: incoming, $column, $meaning   writes: declared (temporary)
insert into declared
with read as (
    select doc_id, trim(value) as value, lower(trim(value)) as v from incoming where trim(value) <> ''
),
judged as (
    select doc_id, value, case
        when $meaning in ('from the audience', 'from the company') then case
            when v in ('true', 't', 'yes', '1', '1.0') then if($meaning = 'from the audience', 'audience', 'company')
            when v in ('false', 'f', 'no', '0', '0.0') then if($meaning = 'from the audience', 'company', 'audience') end
        when $meaning = 'role' then case
            when regexp_matches(v, '^(?:(?:support )?agent|staff|company|brand|support|employee|representative|advisor|business|official)$') then 'company'
            when regexp_matches(v, '^(?:customer|user|client|consumer|guest|audience|member|caller|visitor)$') then 'audience'
            when regexp_matches(v, '^(?:bot|system|automated)$') then 'automated' end
        when $meaning = 'verified type' then case when v in ('business', 'government') then 'company' end
        when $meaning = 'application' then case
            when regexp_matches(v, 'sprinklr|conversocial|khoros|lithium|zendesk|freshdesk|sparkcentral|liveperson|social studio|brandwatch|emplifi') then 'company'
            when regexp_matches(v, 'ifttt|dlvr\.it|twitterfeed|zapier|socialoomph|botize|cheap bots|wordpress|feedburner|\bbot\b') then 'automated' end
    end as speaker
    from read
)
select doc_id, speaker, $column || ' is ' || left(value, 60)
from judged
where speaker is not null
    -- A flag or a role must be one in nearly every row, and both kinds must occur, or a column of that name means another thing.
    and ($meaning not in ('from the audience', 'from the company', 'role')
        or (select count(speaker) >= 0.98 * count(*) and count(distinct speaker) > 1 from judged));
