-- Select the figures of one source: rows, documents, times' range, hours, languages, replies and those linked.
-- reads: staged, documents, replies, $source_no   writes: nothing
with own as (from documents where split_part(source_place, ':', 1) = $source_no::varchar)
select
    (select count(*) from staged where source_no = $source_no) as rows,
    count(*) as documents,
    count(author) as authors,
    min(created_at) as first_at,
    max(created_at) as last_at,
    count(in_reply_to) as replies,
    count(in_reply_to) filter (in_reply_to in (select tweet_id from documents)) as linked,
    (select map(list(lang order by n desc, lang), list(n order by n desc, lang))
        from (select lang, count(*) as n from own where lang is not null group by lang order by n desc, lang limit 5))
        as languages
from own;
