-- Count documents and authors of every term, per persona and in total, equivalent documents once.
-- reads: said, members, $min_documents   writes: core_sizes, frequent, term_counts, term_tests, absence_tests (temporary)
create or replace temp table core_sizes as
select persona_id, count(*) as core_size, (select count(*) from members where is_core) as total
from members
where is_core
group by persona_id;

create or replace temp table frequent as
select kind, term, count(*) as in_all
from said
group by kind, term
having count(*) >= $min_documents;

create or replace temp table term_counts as
with by_author as (
    select s.persona_id, s.kind, s.term, s.author, count(*) as n
    from said as s semi join frequent as f using (kind, term)
    group by s.persona_id, s.kind, s.term, s.author
),
summed as (
    select
        persona_id, kind, term, sum(n)::bigint as n, count(author) as n_authors,
        coalesce(max(n) filter (author is not null), 0) as by_one
    from by_author
    group by persona_id, kind, term
)
select
    s.persona_id, s.kind, s.term, s.n, s.n_authors,
    -- If one account among several wrote most of them, its documents count once.
    case when s.by_one > 1 and 2 * s.by_one > s.n and a.several then s.n - s.by_one + 1 else s.n end as n_independent,
    f.in_all
from summed as s
join frequent as f using (kind, term)
cross join (select count(distinct author) > 1 as several from members) as a;

-- Every test of a persona: the terms that it uses, against the core members of all others.
create or replace temp table term_tests as
select
    row_number() over (order by t.persona_id, t.kind, t.term) as test, t.persona_id, t.kind, t.term,
    t.n, t.n_authors, t.n_independent, t.in_all, c.core_size, c.total
from term_counts as t
join core_sizes as c using (persona_id);

-- Terms that the others use and it does not: the most frequent words, unless one account wrote most of them.
create or replace temp table absence_tests as
with common as (
    select f.term, f.in_all
    from frequent as f
    where f.kind = 'term'
        and f.in_all >= 2 * coalesce((
            select max(n) from (
                select count(*) as n from said as s
                where s.kind = 'term' and s.term = f.term and s.author is not null
                group by s.author)), 0)
    order by f.in_all desc, f.term
    limit 200
)
select
    row_number() over (order by c.persona_id, f.term) as test, c.persona_id, 'absent_term' as kind, f.term,
    coalesce(t.n, 0) as n, coalesce(t.n_authors, 0) as n_authors, coalesce(t.n, 0) as n_independent, f.in_all,
    c.core_size, c.total
from core_sizes as c
cross join common as f
left join term_counts as t on t.persona_id = c.persona_id and t.kind = 'term' and t.term = f.term;
