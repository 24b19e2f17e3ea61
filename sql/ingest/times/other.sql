-- Check whether any time is in another form than those that programs write.
-- reads: staged, staged_replies   writes: nothing
select coalesce(bool_or(plain_time(created_at) is null), false) as other
from (select created_at from staged union all select created_at from staged_replies)
where not is_nothing(created_at)
