-- List the ranked terms of the personas.
-- reads: persona_terms   writes: nothing
select
    persona_id, kind, rank, term, spelling, score, tfidf, n, n_authors, n_independent, share, baseline_share, lift, lift_low, lift_high,
    p, q
from persona_terms order by persona_id, kind, rank
