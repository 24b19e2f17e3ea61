-- Count the dates such as 24/02/2015 of each source, and those whose first or second part is above 12: that is the day.
-- reads: staged, staged_replies   writes: nothing
-- With points between them the day comes first everywhere.
with parts as (
    select source_no, created_at,
        regexp_extract(created_at, '^\s*(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}', ['one', 'other']) as part
    from (select source_no, created_at from staged union all select source_no, created_at from staged_replies)
    where regexp_matches(created_at, '^\s*\d{1,2}[/-]\d{1,2}[/-]\d{2,4}')
)
select
    source_no,
    count(*) filter (part.one::integer > 12) as day_first,
    count(*) filter (part.other::integer > 12) as month_first,
    min(trim(created_at)) filter (part.one::integer > 12) as a_day_first,
    min(trim(created_at)) filter (part.other::integer > 12) as a_month_first
from parts
group by source_no
order by source_no;
