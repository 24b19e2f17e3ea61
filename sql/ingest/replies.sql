-- List every row that replies to another: documents first, then the rows of --replies.
-- reads: documents, staged_replies, written_times   writes: replies
insert into replies
select row_number() over (order by doc_id) - 1, tweet_id, doc_id, in_reply_to, text, author, created_at, like_count
from documents
where in_reply_to is not null
order by doc_id;

insert into replies
select
    (select count(*) from replies) + row_number() over (order by source_no, row_no) - 1,
    id_of(tweet_id), null, id_of(in_reply_to), text, name_of(author), dated(created_at),
    count_of(like_count)
from (select * replace (time_of(created_at, source_no) as created_at) from staged_replies)
where id_of(in_reply_to) is not null
order by source_no, row_no;
