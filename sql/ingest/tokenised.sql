-- Count the texts of each source whose handles are separated from their sign, and those whose handles are not.
-- reads: staged, $spaced, $glued   writes: nothing
select source_no, count(*) filter (regexp_matches(text, $spaced)) as spaced, count(*) filter (regexp_matches(text, $glued)) as glued
from staged
group by source_no
order by source_no
