-- Split the authors of each persona at random into test and control, with the sizes that a test needs.
-- reads: tweets, $lift, $base, $seed   writes: nothing
-- $lift: 0.2 | smallest relative change of the outcome that the test must find
-- $base: 0.1 | the outcome's rate without the campaign
-- $seed: 42 | another seed, another split
-- The size is that of two proportions at 5 % two-sided and 80 % power (Fleiss, Levin and Paik 2003).
with authors as (
    select author, persona_id, persona_name
    from (select author, persona_id, persona_name, count(*) as n from tweets where author is not null group by all)
    qualify row_number() over (partition by author order by n desc, persona_id) = 1
),
split as (
    select *, row_number() over (partition by persona_id order by md5($seed || author)) % 2 as test from authors
),
needed as (
    select ceil(
        power(1.959964 * sqrt(2 * m * (1 - m)) + 0.841621 * sqrt(p * (1 - p) + q * (1 - q)), 2) / power(q - p, 2)
    )::bigint as each_group
    from (select $base::double as p, $base::double * (1 + $lift::double) as q, $base::double * (1 + $lift::double / 2) as m)
)
select
    persona_id, persona_name,
    count(*) filter (test = 1) as authors_test, count(*) filter (test = 0) as authors_control,
    any_value(each_group) as needed_in_each, count(*) >= 2 * any_value(each_group) as enough
from split, needed
group by persona_id, persona_name
order by count(*) desc, persona_id
