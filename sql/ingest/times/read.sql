-- Read the different times of each source in other forms; in the sources of $day_first 02/01/2017 is in January.
-- reads: staged, staged_replies, $day_first   writes: written_times (temporary)
create or replace temp table written_times as
select source_no, created_at as raw, other_time(created_at, list_contains($day_first, source_no)) as moment
from (
    select distinct source_no, created_at
    from (select source_no, created_at from staged union all select source_no, created_at from staged_replies)
)
where not is_nothing(created_at) and plain_time(created_at) is null;
