-- Compute the weekly change of the persona's share of posts by least squares, weighted by posts.
-- reads: documents, assignments, $persona, $timezone   writes: nothing
select
    (sum(w) * sum(x * n) - sum(w * x) * sum(n)) / nullif(sum(w) * sum(w * x * x) - sum(w * x) * sum(w * x), 0) as value,
    null as baseline,
    sum(n) as n
from (
    select
        (date_diff('day', date '2000-01-03', week) // 7)::hugeint as x, count(*)::hugeint as w,
        (count(*) filter (where own))::hugeint as n
    from (
        select a.persona_id = $persona as own,
            date_trunc('week', case
                when d.has_hours then d.created_at at time zone 'UTC' at time zone $timezone else d.created_at
            end)::date as week
        from assignments as a
        join documents as d using (doc_id)
        where d.created_at is not null and a.persona_id is not null
    )
    group by week
)
