-- Count the values of times and counts that one source gives, and those that can be read, with one that cannot.
-- reads: staged, written_times, $source_no   writes: nothing
with given as (
    unpivot (
        select created_at, like_count, retweet_count, reply_count, quote_count from staged where source_no = $source_no
    ) on created_at, like_count, retweet_count, reply_count, quote_count into name role value t
),
tested as (
    select role, t,
        case when role = 'created_at' then time_of(t, $source_no) is not null else number_of(t) is not null end as readable
    from given where not is_nothing(t)
)
select role, count(*), count(*) filter (readable), coalesce(min(t) filter (not readable), '')
from tested
group by role
order by role;
