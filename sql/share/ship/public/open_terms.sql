-- Select the terms of a public copy, for generating names.
-- reads: persona_terms   writes: nothing
select persona_id, kind, rank, term, spelling, n, share
from persona_terms
where kind in ('term', 'ngram')
order by persona_id, kind, rank;
