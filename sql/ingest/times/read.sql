-- Read the different times in other forms.
-- reads: staged, staged_replies, $day_first   writes: written_times (temporary)
create or replace temp table written_times as
select created_at as raw, other_time(created_at, $day_first) as moment
from (select distinct created_at from (select created_at from staged union all select created_at from staged_replies))
where not is_nothing(created_at) and plain_time(created_at) is null;
