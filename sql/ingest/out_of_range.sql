-- Count the figures that cannot be counts, which are left out.
-- reads: staged, staged_replies   writes: nothing
select count(*) from (
    select unnest([like_count, retweet_count, reply_count, quote_count]) as t from staged
    union all
    select like_count from staged_replies
)
where t is not null and number_of(t) is not null and count_of(t) is null;
