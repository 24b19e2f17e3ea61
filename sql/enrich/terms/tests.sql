-- Select the counts of every test of the terms that a persona uses.
-- reads: term_tests   writes: nothing
select
    persona_id, n_independent as n, core_size - (n - n_independent) as size, in_all - n as others, total - core_size as others_size
from term_tests
order by test;
