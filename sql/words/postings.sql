-- Insert the count and the BM25 weight of every keyword in every kept document.
-- reads: documents, dropped   writes: terms, postings
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

-- k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009), the inverse document frequency kept above zero. The weights do
-- not depend on the query: a search only adds them.
create or replace table postings as
with counted as (
    select term, doc_id, count(*)::integer as n from spoken group by term, doc_id
),
lengths as (
    select doc_id, sum(n) as length from counted group by doc_id
),
corpus as (
    select count(*) as documents, avg(length) as mean_length from lengths
)
select t.term_id, c.doc_id, c.n,
    (ln(1 + (a.documents - t.n_documents + 0.5) / (t.n_documents + 0.5))
        * c.n * 2.2 / (c.n + 1.2 * (0.25 + 0.75 * l.length / a.mean_length)))::float as weight
from counted as c
join terms as t using (term)
join lengths as l using (doc_id)
cross join corpus as a
order by t.term_id, c.doc_id;
comment on table postings is 'Keywords of each kept document';
comment on column postings.term_id is 'The keyword';
comment on column postings.doc_id is 'The document';
comment on column postings.n is 'Number of occurrences';
comment on column postings.weight is 'Contribution of the keyword to the document''s BM25 score, per occurrence in the query';

drop table spoken;
