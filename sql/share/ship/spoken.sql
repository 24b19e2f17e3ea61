-- List the terms that distinguish personas.
-- reads: persona_terms   writes: nothing
select distinct term from persona_terms where kind in ('term', 'ngram', 'hashtag') order by term;
