-- Select the ranked terms.
-- reads: persona_terms   writes: nothing
select persona_id, kind, rank, term, spelling, score, n, share, baseline_share, lift, q
from persona_terms
order by persona_id, kind, rank;
