-- List the terms that either group uses more often than the other, the most significant first.
-- reads: term_tests, incoming, said, members, $min_documents   writes: nothing
with measured as (
    select
        t.persona_id, t.kind, t.term, t.n, t.n_authors, t.n_independent, t.n / t.core_size as share,
        (t.in_all - t.n) / nullif(t.total - t.core_size, 0) as baseline_share,
        i.lift, i.lift_low, i.lift_high, i.p, i.q, i.score
    from term_tests as t
    join incoming as i using (test)
    where t.n >= $min_documents and i.lift > 1
),
-- A term of a single account is not a difference between groups.
apart as (
    select * from measured
    where n_authors > 1 or n_authors = 0 or (select count(distinct author) from members) < 2
),
spelled as (
    select persona_id, kind, term, mode(surface order by surface) as spelling
    from said semi join apart using (persona_id, kind, term)
    group by persona_id, kind, term
)
select
    persona_id = 0 as here, kind, coalesce(spelling, term) as term, n, n_authors, share, baseline_share,
    lift, lift_low, lift_high, p, q, score
from apart
left join spelled using (persona_id, kind, term)
order by here desc, round(score, 9) desc, n desc, term;
