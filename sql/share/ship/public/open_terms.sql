-- Give the terms that a public copy holds, as names are made of them.
-- reads: persona_terms   writes: nothing
select persona_id, kind, rank, term, spelling, n, share
from persona_terms
where kind in ('term', 'ngram')
order by persona_id, kind, rank;
