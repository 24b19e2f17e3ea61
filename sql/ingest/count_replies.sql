-- Update the count of replies from the replies present, where the source has none.
-- reads: replies   writes: documents
update documents
set reply_count = coalesce(found.n, 0)
from (
    select d.doc_id, count(r.reply_id) as n
    from documents as d
    left join replies as r on r.in_reply_to = d.tweet_id
    group by d.doc_id
) as found
where found.doc_id = documents.doc_id
    and (select count(*) from replies) > 0
    and (select count(reply_count) from documents) = 0;
