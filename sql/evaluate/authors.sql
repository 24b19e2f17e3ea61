-- Tell how the posts of each persona are spread over their authors: 0 is even, near 1 nearly all from one.
-- reads: documents, assignments   writes: nothing
with each_author as (
    select a.persona_id, d.author, count(*) as n
    from assignments as a
    join documents as d using (doc_id)
    where a.persona_id is not null and d.author is not null
    group by a.persona_id, d.author
),
ranked as (
    select persona_id, n, row_number() over (partition by persona_id order by n, author) as place from each_author
)
select
    persona_id, count(*) as n_authors, max(n) / sum(n) as top_author_share,
    2 * sum(place * n) / (count(*) * sum(n)) - (count(*) + 1) / count(*) as author_gini
from ranked
group by persona_id
order by persona_id;
