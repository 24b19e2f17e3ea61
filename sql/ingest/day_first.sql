-- Tell whether dates such as 24/02/2015 put the day first: when a first part above 12 occurs.
-- reads: staged   writes: nothing
select coalesce(max(try_cast(regexp_extract(created_at, '^\s*(\d{1,2})[/.-]\d{1,2}[/.-]\d{2,4}', 1) as integer)) > 12, false)
from staged;
