-- Sum every persona's behaviour, hours, weekdays and languages, and those of the others.
-- reads: behaviour, members, documents   writes: trait_sums (temporary)
create or replace temp table trait_sums as
with felt as (
    unpivot (select m.persona_id, b.* exclude (doc_id) from behaviour as b join members as m using (doc_id))
    on columns(* exclude (persona_id)) into name feature value value
),
-- Sums of integers (millionths) are the same in any order; sums of floats are not.
numbers as (
    select
        persona_id, feature, count(*) as n,
        sum(round(value * 1e6)::hugeint) as s,
        sum(round(value * value * 1e6)::hugeint) as q
    from felt
    group by persona_id, feature
),
placed as (
    select
        m.persona_id, m.author, 'hours' as axis,
        case hour(m.clock_time) // 6 when 0 then '00-05' when 1 then '06-11' when 2 then '12-17' else '18-23' end as value
    from members as m where m.clock_time is not null
    union all
    select m.persona_id, m.author, 'weekday', ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][isodow(m.local_time)]
    from members as m where m.local_time is not null
    union all
    select m.persona_id, m.author, 'lang', lower(d.lang)
    from members as m join documents as d using (doc_id) where d.lang is not null and d.lang <> ''
),
grouped as (
    select persona_id, axis, value, count(*) as n, count(distinct author) as n_authors
    from placed group by persona_id, axis, value
),
known as (select persona_id, axis, sum(n)::bigint as n from grouped group by persona_id, axis),
-- A language with few documents is not a trait of any persona.
kinds as (select axis, value from grouped group by axis, value having sum(n) >= 20),
shares as (
    select
        k.persona_id, v.axis || '=' || v.value as feature, k.n, coalesce(g.n, 0)::hugeint * 1000000 as s,
        coalesce(g.n, 0)::hugeint * 1000000 as q, coalesce(g.n_authors, 0) as n_authors
    from known as k
    join kinds as v using (axis)
    left join grouped as g on g.persona_id = k.persona_id and g.axis = v.axis and g.value = v.value
),
authors as (select persona_id, count(distinct author) as n_authors from members group by persona_id),
summed as (
    select
        n.persona_id, n.feature, starts_with(n.feature, 'is_') or n.feature = 'starts_with_mention' as is_share,
        n.n, n.s, n.q, a.n_authors
    from numbers as n join authors as a using (persona_id)
    union all
    select persona_id, feature, true, n, s, q, n_authors from shares
)
select
    row_number() over (order by persona_id, feature) as test, *,
    sum(n) over (partition by feature) - n as others,
    sum(s) over (partition by feature) - s as s_others,
    sum(q) over (partition by feature) - q as q_others
from summed;
