-- Note which keyword stands in which kept document, how often, and how long the documents are.
-- reads: documents, dropped   writes: terms, postings, lengths
create or replace temp table spoken as
select doc_id, unnest(keywords(text)) as term
from documents where doc_id not in (select doc_id from dropped);

create or replace table terms as
select (row_number() over (order by term) - 1)::integer as term_id, term, n_documents
from (select term, count(distinct doc_id) as n_documents from spoken group by term)
order by term_id;
comment on table terms is 'Every keyword of the kept documents';
comment on column terms.term_id is 'Dense id, in order of the terms';
comment on column terms.term is 'The keyword: lower case, without accents';
comment on column terms.n_documents is 'Kept documents that have it';

create or replace table postings as
select t.term_id, s.doc_id, count(*)::integer as n
from spoken as s join terms as t using (term)
group by t.term_id, s.doc_id
order by t.term_id, s.doc_id;
comment on table postings is 'Which keyword stands in which kept document';
comment on column postings.term_id is 'The keyword';
comment on column postings.doc_id is 'The document';
comment on column postings.n is 'How often';

create or replace table lengths as
select doc_id, count(*)::integer as n from spoken group by doc_id order by doc_id;
comment on table lengths is 'How long each kept document is, for BM25';
comment on column lengths.doc_id is 'The document';
comment on column lengths.n is 'Keywords in it, repeats counted';

drop table spoken;
