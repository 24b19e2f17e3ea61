-- Select the sums of every test of a trait, in types that NumPy has.
-- reads: trait_sums   writes: nothing
select
    persona_id, is_share, n::double as n, s::double / 1e6 as s, q::double / 1e6 as q,
    others::double as others, s_others::double / 1e6 as s_others, q_others::double / 1e6 as q_others
from trait_sums
order by test;
