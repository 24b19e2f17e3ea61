-- Insert the distinctive terms of each persona, ranked by log-odds (Monroe et al. 2008), with tests.
-- reads: term_tests, absence_tests, incoming, said, members, core_sizes, $min_documents, $most   writes: persona_terms
create or replace table persona_terms as
with told as (
    select *, false as absent from term_tests union all select *, true from absence_tests
),
measured as (
    select
        t.persona_id, t.kind, t.term, t.absent, t.n, t.n_authors, t.n_independent,
        t.n / t.core_size as share,
        (t.in_all - t.n) / nullif(t.total - t.core_size, 0) as baseline_share,
        t.n / t.core_size * ln(1 + (t.total / (select count(*) from core_sizes)) / t.in_all) as tfidf,
        i.score, i.lift, i.lift_low, i.lift_high, i.p, i.q
    from told as t
    join incoming as i on i.test = t.test and i.absent = t.absent
),
apart as (
    select
        *,
        row_number() over (
            partition by persona_id, kind
            order by round(score, 9) desc, n desc, term
        ) as rank
    from measured
    where not absent and n >= $min_documents and (lift >= 1.5 or baseline_share is null)
        -- A term of a single account among several characterises that account, not the persona.
        and (n_authors > 1 or n_authors = 0 or (select count(distinct author) from members) < 2)
),
missing as (
    select
        *,
        row_number() over (partition by persona_id order by round(score, 9), term) as rank
    from measured
    where absent and lift < 0.5 and baseline_share >= 0.02
),
listed as (
    select * from apart where rank <= $most
    union all
    select * from missing where rank <= 5
),
spelled as (
    select persona_id, kind, term, surface
    from (
        select persona_id, kind, term, surface, row_number() over (
            partition by persona_id, kind, term order by count(*) desc, surface) as place
        from said semi join listed using (persona_id, kind, term)
        group by persona_id, kind, term, surface
    )
    where place = 1
)
select
    l.persona_id, l.kind, l.rank::integer as rank, l.term, coalesce(s.surface, l.term) as spelling,
    l.score, l.tfidf, l.n, l.n_authors, l.n_independent, l.share, l.baseline_share, l.lift, l.lift_low, l.lift_high, l.p, l.q
from listed as l
left join spelled as s using (persona_id, kind, term)
order by l.persona_id, l.kind, l.rank;

comment on table persona_terms is 'Distinctive terms of each persona, counted on its core members, once per document';
comment on column persona_terms.persona_id is 'The persona';
comment on column persona_terms.kind is 'term, ngram, hashtag, mention, domain, emoji; absent_term is one that the others use and it does not';
comment on column persona_terms.rank is 'Order within the kind, from 1, by score, among terms of lift 1.5 or more';
comment on column persona_terms.term is 'The term, lower case';
comment on column persona_terms.spelling is 'The spelling that the persona uses most';
comment on column persona_terms.score is 'Z-score of the log-odds ratio against the others, with an informative Dirichlet prior of 100 documents (Monroe et al. 2008)';
comment on column persona_terms.tfidf is 'Class-based TF-IDF: share x ln(1 + mean core size / documents with the term)';
comment on column persona_terms.n is 'Core members that use it';
comment on column persona_terms.n_authors is 'Different authors among them; 0 where the source names none';
comment on column persona_terms.n_independent is 'n, but where one of several authors wrote more than half of them, that author''s count once; lift, interval, score and p rest on it';
comment on column persona_terms.share is 'n / core members of the persona';
comment on column persona_terms.baseline_share is 'The same share among the core members of all other personas';
comment on column persona_terms.lift is 'share / baseline_share on n_independent, half a document added on either side';
comment on column persona_terms.lift_low is 'Lower end of its 95 % interval (Katz et al. 1978)';
comment on column persona_terms.lift_high is 'Upper end';
comment on column persona_terms.p is 'Fisher''s exact test, one-sided: more often than the others, of an absent_term less often';
comment on column persona_terms.q is 'p corrected for all terms tried in the persona (Benjamini & Hochberg 1995); a term at q <= 0.05 is significant';
