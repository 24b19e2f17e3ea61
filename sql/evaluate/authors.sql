-- Compute the concentration of each persona's posts on authors: 0 is even, near 1 almost all from one.
-- reads: documents, assignments   writes: nothing
with each_author as (
    select a.persona_id, d.author, count(*) as n
    from assignments as a
    join documents as d using (doc_id)
    where a.persona_id is not null
    group by a.persona_id, d.author
),
-- Posts without an author in the source count as posts, but for no author.
sizes as (
    select persona_id, sum(n) as size from each_author group by persona_id
),
ranked as (
    select persona_id, n, row_number() over (partition by persona_id order by n, author) as place
    from each_author
    where author is not null
)
select
    r.persona_id, count(*) as n_authors, max(r.n) / any_value(s.size) as top_author_share,
    2 * sum(r.place * r.n) / (count(*) * sum(r.n)) - (count(*) + 1) / count(*) as author_gini
from ranked as r
join sizes as s using (persona_id)
group by r.persona_id
order by r.persona_id;
