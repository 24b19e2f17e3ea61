-- List the terms that personas are told by.
-- reads: persona_terms   writes: nothing
select distinct term from persona_terms where kind in ('term', 'ngram', 'hashtag') order by term;
