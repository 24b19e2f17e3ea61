-- Select the counts of every test of the terms that a persona does not use.
-- reads: absence_tests   writes: nothing
select persona_id, n, core_size as size, in_all - n as others, total - core_size as others_size
from absence_tests
order by test;
