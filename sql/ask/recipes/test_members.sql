-- List every author with the group, test or control, that @test_groups counts.
-- reads: tweets, $seed   writes: nothing
-- $seed: 42 | another seed, another split; the same as of @test_groups
with authors as (
    select author, persona_id, persona_name
    from (select author, persona_id, persona_name, count(*) as n from tweets where author is not null group by all)
    qualify row_number() over (partition by author order by n desc, persona_id) = 1
)
select
    author, persona_id, persona_name,
    case row_number() over (partition by persona_id order by md5($seed || author)) % 2 when 1 then 'test' else 'control' end as own_group
from authors
order by persona_id, own_group, author
