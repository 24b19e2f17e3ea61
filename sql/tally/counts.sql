-- Count the members of each persona by stance, and the members of all others.
-- reads: assignments, stances   writes: nothing
with told as (
    select a.persona_id, s.stance from assignments as a join stances as s using (doc_id) where a.persona_id is not null
),
sizes as (
    select persona_id, count(*) as size from told group by persona_id
),
kinds as (
    select stance, count(*) as total from told group by stance
),
counted as (
    select persona_id, stance, count(*) as n from told group by persona_id, stance
)
select
    s.persona_id, k.stance, coalesce(c.n, 0) as n, s.size, k.total - coalesce(c.n, 0) as others,
    (select sum(size) from sizes)::bigint - s.size as others_size
from sizes as s
cross join kinds as k
left join counted as c on c.persona_id = s.persona_id and c.stance = k.stance
order by s.persona_id, k.stance;
