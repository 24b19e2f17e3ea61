-- Rank what sets each persona apart by class-based TF-IDF (Grootendorst 2022), on counts of documents.
-- reads: term_counts, core_sizes, said, $min_documents, $most   writes: persona_terms
create or replace table persona_terms as
with measured as (
    select
        t.persona_id, t.kind, t.term, t.n, t.n_authors,
        t.n / c.core_size as share,
        (t.in_all - t.n) / nullif(c.total - c.core_size, 0) as baseline_share,
        t.n / c.core_size * ln(1 + (c.total / (select count(*) from core_sizes)) / t.in_all) as score,
        -- Half a document on either side keeps the lift of a term that nobody else uses finite.
        ((t.n + 0.5) / (c.core_size + 1)) / ((t.in_all - t.n + 0.5) / (c.total - c.core_size + 1)) as lift
    from term_counts as t
    join core_sizes as c using (persona_id)
),
apart as (
    select
        *,
        row_number() over (
            partition by persona_id, kind
            order by round(score, 9) desc, n desc, term
        ) as rank
    from measured
    where n >= $min_documents and (lift >= 1.5 or baseline_share is null)
        -- What a single account of several says is that account, not the persona.
        and (n_authors > 1 or n_authors = 0 or (select count(distinct author) from members) < 2)
),
absent as (
    select
        c.persona_id, 'absent_term' as kind, f.term, coalesce(t.n, 0) as n, coalesce(t.n_authors, 0) as n_authors,
        coalesce(t.n, 0) / c.core_size as share,
        (f.in_all - coalesce(t.n, 0)) / nullif(c.total - c.core_size, 0) as baseline_share,
        ((coalesce(t.n, 0) + 0.5) / (c.core_size + 1))
            / ((f.in_all - coalesce(t.n, 0) + 0.5) / (c.total - c.core_size + 1)) as lift
    from core_sizes as c
    cross join (select term, in_all from frequent where kind = 'term' order by in_all desc, term limit 200) as f
    left join term_counts as t on t.persona_id = c.persona_id and t.kind = 'term' and t.term = f.term
),
missing as (
    select
        *,
        row_number() over (partition by persona_id order by round(baseline_share - share, 9) desc, term) as rank
    from absent
    where lift < 0.5 and baseline_share >= 0.02
),
listed as (
    select persona_id, kind, rank, term, score, n, n_authors, share, baseline_share, lift from apart where rank <= $most
    union all
    select persona_id, kind, rank, term, (share - baseline_share), n, n_authors, share, baseline_share, lift
    from missing where rank <= 5
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
    l.score, l.n, l.n_authors, l.share, l.baseline_share, l.lift
from listed as l
left join spelled as s using (persona_id, kind, term)
order by l.persona_id, l.kind, l.rank;

comment on table persona_terms is 'What sets each persona apart: counted on its core members, once a document';
comment on column persona_terms.persona_id is 'The persona';
comment on column persona_terms.kind is 'term, ngram, hashtag, mention, domain, emoji; absent_term is one that the others use and it does not';
comment on column persona_terms.rank is 'Order within the kind, from 1, by score, among terms of lift 1.5 or more';
comment on column persona_terms.term is 'The term, lower case';
comment on column persona_terms.spelling is 'The spelling that the persona uses most';
comment on column persona_terms.score is 'Class-based TF-IDF: share x ln(1 + mean core size / documents with the term); of an absent_term share minus baseline_share';
comment on column persona_terms.n is 'Core members that say it';
comment on column persona_terms.n_authors is 'Different authors among them; 0 where the source names none';
comment on column persona_terms.share is 'n / core members of the persona';
comment on column persona_terms.baseline_share is 'The same share among the core members of all other personas';
comment on column persona_terms.lift is 'share / baseline_share, half a document added on either side';
